for (const button of document.querySelectorAll("button[data-csv]")) {
  button.onclick = async () => {
    const said = button.textContent;
    button.textContent = (await copied(button.dataset.csv)) ? "Copied" : "Not copied";
    setTimeout(() => { button.textContent = said; }, 1500);
  };
}
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Browsers refuse the clipboard to some pages that were opened from a disk.
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
