"use strict";
// The page of a recording; `data` is what `ecg/rpeaks/page.py` says of it.
const FINE = "#f7dcdc", COARSE = "#eab0b0", INK = "#202020", OK = "#1f77b4", OUT = "#d62728", GREY = "#555";
const LIFE = 96 / 25.4; // pixels of CSS a millimetre
const LANE = 54, FOOT = 20, LEFT = 40, LINES = 3;
const bytes = Uint8Array.from(atob(data.counts), (each) => each.charCodeAt(0));
const counts = new Int16Array(bytes.buffer);
const end = data.fromS + counts.length / data.fsHz;
const accepted = data.verdicts.map((each) => each === 0);
const get = (id) => document.getElementById(id);
const strip = get("strip"), all = get("all");
let view = { from: data.fromS, span: Math.min(10, end - data.fromS) };
let drawn = { words: [], marks: 0, crowded: false, matched: true };

function clock(s, fine) {
  const whole = Math.floor(s + 1e-6), two = (n) => String(n).padStart(2, "0");
  const rest = fine ? (s - whole).toFixed(2).slice(1) : "";
  return whole < 60 ? `${whole}${rest} s` : `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}${rest}`;
}
function prepared(canvas) {
  const box = canvas.getBoundingClientRect(), sharp = devicePixelRatio || 1;
  canvas.width = Math.round(box.width * sharp);
  canvas.height = Math.round(box.height * sharp);
  const pen = canvas.getContext("2d");
  pen.setTransform(sharp, 0, 0, sharp, 0, 0);
  pen.font = "12px system-ui, sans-serif";
  return [pen, box.width, box.height];
}
function line(pen, x1, y1, x2, y2) { pen.moveTo(x1, y1); pen.lineTo(x2, y2); }
function stroke(pen, color, width, draw) { pen.beginPath(); pen.strokeStyle = color; pen.lineWidth = width; draw(); pen.stroke(); }
// 1, 2 or 5 times a power of ten, so that `size` has at most `most` steps.
function step(size, most) {
  const ten = 10 ** Math.floor(Math.log10(size / most));
  return [1, 2, 5, 10].map((each) => each * ten).find((each) => size / each <= most);
}
function stepOfTime(s, most) { return [0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200].find((each) => s / each <= most) || 14400; }
function firstBeat(time) {
  let low = 0, high = data.beatsS.length;
  while (low < high) { const middle = (low + high) >> 1; if (data.beatsS[middle] < time) { low = middle + 1; } else { high = middle; } }
  return low;
}
function inGap(time) { return data.gapsS.some(([from, to]) => time >= from && time < to); }
// The least and the most of each column of pixels: a trace of any length is as wide as the page.
function columns(width) {
  const found = [];
  for (let x = 0; x < width; x++) {
    const from = Math.floor((view.from + view.span * x / width - data.fromS) * data.fsHz);
    const to = Math.max(from + 1, Math.floor((view.from + view.span * (x + 1) / width - data.fromS) * data.fsHz));
    let low = Infinity, high = -Infinity;
    for (let at = Math.max(0, from); at < Math.min(to, counts.length); at++) { low = Math.min(low, counts[at]); high = Math.max(high, counts[at]); }
    found.push(low > high || inGap(data.fromS + from / data.fsHz) ? null : [low * data.unitMv, high * data.unitMv]);
  }
  return found;
}
function drawStrip() {
  const [pen, width, height] = prepared(strip);
  const wide = width - LEFT, high = height - LANE - FOOT, bottom = LANE + high;
  const perMm = wide / (view.span * data.mmPerS);
  const found = columns(Math.ceil(wide)), seen = found.filter(Boolean);
  const low = Math.min(...seen.map((each) => each[0])), top = Math.max(...seen.map((each) => each[1]));
  const fits = high / Math.max(top - low + 0.3, 0.5);
  const perMv = Math.min(perMm * data.mmPerMv, fits), least = perMm * data.mmPerMv < 25 ? Math.min(25, fits) : perMv;
  const scale = Math.max(perMv, least), middle = seen.length ? (low + top) / 2 : 0;
  const x = (time) => LEFT + (time - view.from) / view.span * wide, y = (mv) => LANE + high / 2 - (mv - middle) * scale;
  const matched = Math.abs(scale - perMm * data.mmPerMv) < 0.01;
  const grid = (stepS, stepMv, color, size) => stroke(pen, color, size, () => {
    for (let t = Math.ceil(view.from / stepS) * stepS; t <= view.from + view.span + 1e-9; t += stepS) { line(pen, x(t), LANE, x(t), bottom); }
    const half = high / 2 / scale;
    for (let mv = Math.ceil((middle - half) / stepMv) * stepMv; mv <= middle + half; mv += stepMv) { line(pen, LEFT, y(mv), LEFT + wide, y(mv)); }
  });
  if (perMm > 2.2 && scale > 22) { grid(1 / data.mmPerS, 1 / data.mmPerMv, FINE, 1); }
  if (perMm > 0.6) { grid(5 / data.mmPerS, 5 / data.mmPerMv, COARSE, 1); }
  pen.save();
  pen.beginPath(); pen.rect(LEFT, LANE, wide, high); pen.clip();
  stroke(pen, INK, 1.2, () => {
    let before = null;
    found.forEach((each, at) => {
      if (each) {
        const ys = [y(each[1]), y(each[0])], near = before !== null && Math.abs(before - ys[0]) > Math.abs(before - ys[1]) ? ys.reverse() : ys;
        if (before === null) { pen.moveTo(LEFT + at, near[0]); } else { pen.lineTo(LEFT + at, near[0]); }
        pen.lineTo(LEFT + at, near[1]);
      }
      before = each ? y((each[0] + each[1]) / 2) : null;
    });
  });
  pen.restore();
  pen.fillStyle = GREY; pen.textAlign = "center"; pen.textBaseline = "top";
  const tick = stepOfTime(view.span, Math.max(2, wide / 80));
  for (let t = Math.ceil(view.from / tick - 1e-9) * tick; t <= view.from + view.span; t += tick) { if (x(t) > LEFT + 25 && x(t) < width - 25) { pen.fillText(clock(t, tick < 1), x(t), bottom + 4); } }
  pen.textAlign = "right"; pen.textBaseline = "middle";
  const stepMv = step(high / scale, 8);
  for (let mv = Math.ceil((middle - high / 2 / scale) / stepMv) * stepMv; mv <= middle + high / 2 / scale; mv += stepMv) { pen.fillText(`${+mv.toFixed(3)}`, LEFT - 4, y(mv)); }
  pen.fillText("mV", LEFT - 4, LANE - 8);
  drawBeats(pen, x, wide, matched);
  get("scale").textContent = matched ? `${data.mmPerS} mm/s, ${data.mmPerMv} mm/mV, ${Math.round(100 * perMm / LIFE)} % of life size` : `${view.span.toPrecision(3)} s; mV drawn to fit`;
  strip.dataset.from = view.from; strip.dataset.span = view.span;
}
// A mark a beat; a word in the lowest of three lines in which it overlaps none.
function drawBeats(pen, x, wide, matched) {
  drawn = { words: [], marks: 0, crowded: false, matched };
  const ends = Array(LINES).fill(-Infinity);
  pen.textAlign = "center"; pen.textBaseline = "bottom";
  let last = -Infinity;
  for (let at = firstBeat(view.from); at < data.beatsS.length && data.beatsS[at] <= view.from + view.span; at++) {
    const place = x(data.beatsS[at]), color = accepted[at] ? OK : OUT;
    if (place - last < (accepted[at] ? 3 : 1)) { drawn.crowded = true; continue; }
    last = place;
    drawn.marks++;
    pen.beginPath(); line(pen, place - 4, LANE - 9, place + 4, LANE - 9); pen.lineTo(place, LANE - 2); pen.closePath();
    pen.lineWidth = 1.2; pen.strokeStyle = pen.fillStyle = color;
    if (accepted[at]) { pen.fill(); } else { pen.stroke(); }
    if (accepted[at]) { continue; }
    const word = data.words[data.verdicts[at]], half = pen.measureText(word).width / 2 + 2;
    const free = ends.findIndex((end) => end <= place - half);
    if (free < 0 || place - half < LEFT || place + half > LEFT + wide) { drawn.crowded = true; continue; }
    ends[free] = place + half;
    pen.fillText(word, place, LANE - 11 - 13 * free);
    drawn.words.push({ word, line: free, from: place - half, to: place + half });
  }
}
function drawAll() {
  const [pen, width, height] = prepared(all), wide = width - LEFT - 6, high = height - FOOT - 8;
  const rr = data.rrMs.map((each) => each === null ? null : Math.min(each, 2000)), told = rr.filter((each) => each !== null);
  const top = told.length ? Math.max(...told.slice(0, 1e5)) * 1.05 : 1000;
  const x = (time) => LEFT + (time - data.fromS) / (end - data.fromS) * wide, y = (ms) => 8 + high - ms / top * high;
  pen.fillStyle = "#f3d9d9"; pen.fillRect(x(view.from), 8, Math.max(2, x(view.from + view.span) - x(view.from)), high);
  stroke(pen, "#bbb", 1, () => { line(pen, LEFT, 8, LEFT, 8 + high); line(pen, LEFT, 8 + high, LEFT + wide, 8 + high); });
  const size = rr.length > 500 ? 1.5 : 2.5;
  rr.forEach((ms, at) => {
    if (ms === null) { return; }
    const px = x(data.beatsS[at]), py = y(ms);
    pen.fillStyle = accepted[at] ? OK : OUT;
    if (data.rrMs[at] > 2000) { pen.beginPath(); line(pen, px - 4, py + 6, px + 4, py + 6); pen.lineTo(px, py); pen.fill(); return; }
    if (accepted[at]) { pen.beginPath(); pen.arc(px, py, size, 0, 7); pen.fill(); return; }
    stroke(pen, OUT, 1, () => { line(pen, px - size, py - size, px + size, py + size); line(pen, px - size, py + size, px + size, py - size); });
  });
  pen.fillStyle = GREY; pen.textAlign = "right"; pen.textBaseline = "middle";
  for (let ms = 0, each = step(top, 5); ms <= top; ms += each) { pen.fillText(ms ? String(ms) : "ms", LEFT - 4, y(ms)); }
  pen.textAlign = "center"; pen.textBaseline = "top";
  const tick = stepOfTime(end - data.fromS, Math.max(2, wide / 80));
  for (let t = Math.ceil(data.fromS / tick) * tick; t <= end; t += tick) { if (x(t) < width - 20) { pen.fillText(clock(t, false), x(t), 12 + high); } }
}
function drawCycle() {
  const [pen, width, height] = prepared(get("cycle")), cycle = data.cycle;
  if (!cycle) { return; }
  const wide = width - LEFT - 6, high = height - FOOT - 12, count = cycle.mean.length;
  const low = Math.min(...cycle.mean.map((each, at) => each - cycle.sd[at])), top = Math.max(...cycle.mean.map((each, at) => each + cycle.sd[at]));
  const x = (at) => LEFT + at / (count - 1) * wide, y = (value) => 8 + (top - value) / (top - low) * high;
  pen.beginPath(); pen.fillStyle = "#c6dcec";
  for (let at = 0; at < count; at++) { pen.lineTo(x(at), y(cycle.mean[at] + cycle.sd[at])); }
  for (let at = count - 1; at >= 0; at--) { pen.lineTo(x(at), y(cycle.mean[at] - cycle.sd[at])); }
  pen.fill();
  stroke(pen, OK, 1.5, () => cycle.mean.forEach((each, at) => pen.lineTo(x(at), y(each))));
  stroke(pen, "#ccc", 1, () => line(pen, LEFT, y(0), LEFT + wide, y(0)));
  pen.fillStyle = GREY; pen.textAlign = "right"; pen.textBaseline = "middle";
  pen.fillText("R", LEFT - 4, y(1)); pen.fillText("0", LEFT - 4, y(0));
  pen.textAlign = "center"; pen.textBaseline = "top";
  for (const ms of [-200, 0, 200, 400]) { pen.fillText(`${ms} ms`, x((ms - cycle.firstMs) / cycle.stepMs), 12 + high); }
}
let asked = false;
function show(from, span) {
  const whole = end - data.fromS;
  span = Math.min(Math.max(span, Math.min(0.5, whole)), whole);
  view = { from: Math.min(Math.max(from, data.fromS), end - span), span };
  if (!asked) { asked = true; requestAnimationFrame(() => { asked = false; drawStrip(); drawAll(); }); }
}
function zoom(by, at = view.from + view.span / 2) { show(at - (at - view.from) * by, view.span * by); }
function life() { const span = (strip.clientWidth - LEFT) / LIFE / data.mmPerS; show(view.from + (view.span - span) / 2, span); }
function timeAt(event, canvas, from, span) { const box = canvas.getBoundingClientRect(); return from + (event.clientX - box.left - LEFT) / (box.width - LEFT - (canvas === all ? 6 : 0)) * span; }
get("in").onclick = () => zoom(1 / 1.5);
get("out").onclick = () => zoom(1.5);
get("back").onclick = () => show(view.from - 0.8 * view.span, view.span);
get("on").onclick = () => show(view.from + 0.8 * view.span, view.span);
get("life").onclick = life;
get("whole").onclick = () => show(data.fromS, end - data.fromS);
strip.addEventListener("wheel", (event) => { event.preventDefault(); zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, timeAt(event, strip, view.from, view.span)); }, { passive: false });
strip.onkeydown = (event) => {
  const by = { ArrowLeft: () => get("back").click(), ArrowRight: () => get("on").click(), "+": () => zoom(1 / 1.5), "-": () => zoom(1.5), Home: () => show(data.fromS, view.span), End: () => show(end, view.span) }[event.key];
  if (by) { event.preventDefault(); by(); }
};
let held = null;
strip.onpointerdown = (event) => { held = { x: event.clientX, from: view.from }; strip.setPointerCapture(event.pointerId); };
strip.onpointerup = strip.onpointercancel = () => { held = null; };
strip.onpointermove = (event) => {
  if (held) { show(held.from - (event.clientX - held.x) / (strip.clientWidth - LEFT) * view.span, view.span); return; }
  const time = timeAt(event, strip, view.from, view.span), count = counts[Math.round((time - data.fromS) * data.fsHz)];
  let at = firstBeat(time);
  if (at && (at === data.beatsS.length || time - data.beatsS[at - 1] < data.beatsS[at] - time)) { at--; }
  const rr = data.rrMs[at] ? `, RR ${data.rrMs[at]} ms` : "", beat = data.beatsS.length ? `; beat at ${clock(data.beatsS[at], true)}: ${data.words[data.verdicts[at]]}${rr}` : "";
  if (count !== undefined) { get("told").textContent = `${clock(time, true)}, ${(count * data.unitMv).toFixed(2)} mV${beat}`; }
};
all.onclick = (event) => show(timeAt(event, all, data.fromS, end - data.fromS) - view.span / 2, view.span);
addEventListener("resize", () => { show(view.from, view.span); drawCycle(); });
life(); show(data.fromS, view.span); drawCycle();
