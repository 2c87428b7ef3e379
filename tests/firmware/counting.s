@ Instructions to be counted by hand. A comment says how often each line runs in `count_loop(3)`.
  .syntax unified
  .cpu cortex-m4
  .thumb
  .text

  .macro function name
  .global \name
  .type \name, %function
  .thumb_func
\name:
  .endm

  function count_loop       @ r0: turns
  push {r4, lr}             @ 1
  mov.w r4, #0              @ 1   32 bits
again:
  add.w r4, r4, #1          @ 3   32 bits
  cmp r4, r0                @ 3
  it eq                     @ 3
  moveq r1, #7              @ 3   false twice
  ite ne                    @ 3
  movne r2, #1              @ 3   false once
  moveq r2, #2              @ 3   false twice
  bl leaf                   @ 3   32 bits, +2 each in leaf
  cmp r4, r0                @ 3
  bne again                 @ 3
  mov r0, r4                @ 1
  pop {r4, pc}              @ 1
  .size count_loop, . - count_loop

  function leaf
  adds r3, r3, #1           @ 3
  bx lr                     @ 3
  .size leaf, . - leaf

@ A loop back to a function's own first instruction: one call, 2 * r0 + 1 instructions.
  function countdown
  subs r0, r0, #1
  bne countdown
  bx lr
  .size countdown, . - countdown

@ A tail call: 2 instructions, and countdown's.
  function tail
  movs r0, #5
  b countdown
  .size tail, . - tail

@ 400 instructions of 16 bits, longer than a block of any translator needs to be, then the return.
  function straight
  .rept 400
  adds r0, r0, #1
  .endr
  bx lr
  .size straight, . - straight

  function floating
  vmov s0, r0
  vadd.f32 s0, s0, s0
  vmov r0, s0
  bx lr
  .size floating, . - floating

  function forever
  b forever
  .size forever, . - forever

  function store            @ r0: address, r1: value
  strb r1, [r0]
  bx lr
  .size store, . - store

@ What core.py keeps as machine code.
  function each
  push {r4, r5, r6, lr}
  mov r4, r0
  mov r5, r1
  mov r6, r2
next:
  ldrsh r0, [r4], #2
  blx r5
  subs r6, #1
  bne next
  pop {r4, r5, r6, pc}
  .size each, . - each

  .bss
  .balign 8
  .global stack_limit
  .global stack_top
stack_limit:
  .space 512
stack_top:
  .global own
own:
  .space 16
