@ Calls spl_infer for each golden input, on the firmware's own stack, then sleeps. Loaded into RAM that the firmware
@ does not use. recording.robot sets r4: spl_model_t, r5: inputs, r6: outputs, r7: how many, r8: spl_infer, r9: input size,
@ r10: output size.
  .syntax unified
  .cpu cortex-m4
  .thumb
next_input:
  mov r0, r4
  mov r1, r5
  mov r2, r6
  blx r8
  add r5, r5, r9
  add r6, r6, r10
  subs r7, r7, #1
  bne next_input            @ eight instructions an inference
finished:
  wfi                       @ and one at the end
  b finished
