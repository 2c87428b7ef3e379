*** Comments ***
A recording of a patient through the firmware that is flashed.

*** Settings ***
Resource            nrf52.resource
Test Teardown       Nothing Was Amiss

*** Variables ***
# RAM far above what the firmware uses.
${MODEL_AT}         0x20010000
${OUTPUTS_AT}       0x20018000
${CODE_AT}          0x20019000
${INPUTS_AT}        0x20020000
${INPUT_SIZE}       270
${INPUT_COUNT}      0
${OUTPUT_SIZE}      0
${INSTRUCTIONS}     0
${STACK_BYTES}      0
${STACK_BOUND}      0
${PAINT}            0xA5A5A5A5
${PRIORITIES}       0xE000E400
${CACHE}            0x4001E540
${WATCHDOG}         0x4001050C

*** Keywords ***
Set Register
    [Arguments]    ${number}    ${value}
    Execute Command    cpu SetRegister ${number} ${value}

Says What The Twin Says
    [Documentation]    Every line of a recording to the last bit, and no more; every sample was taken, and once.
    [Arguments]    ${recording}
    ${text}=    Get File    ${FILES}/${recording}.txt
    @{expected}=    Split To Lines    ${text}
    ${bytes}=    Get File Size    ${FILES}/${recording}.i16
    Create Machine    ${ELF}    ${recording}
    Wait For Text    \# splkit.*
    FOR    ${line}    IN    @{expected}
        ${said}=    Wait For Next Line On Uart
        Should Be Equal    ${said.Line}    ${line}
    END
    Test If Uart Is Idle    2
    ${position}=    Value Of    saadc Position
    Should Be Equal As Integers    ${position}    ${bytes // 2}

*** Test Cases ***
The UART Says What The Host Twin Says
    Says What The Twin Says    recording

A Minute With The Lead Off Is Recovered From
    ${text}=    Get File    ${FILES}/lead_off.txt
    Should Match Regexp    ${text}    (?s)A \\d+ normal.*A \\d+ none.*A \\d+ normal
    Says What The Twin Says    lead_off

Cycles On The Rails Are Left Out
    [Documentation]    The same recording so large that many an R wave leaves what the amplifier can give.
    ${text}=    Get File    ${FILES}/rails.txt
    Should Match Regexp    ${text}    B \\d+ \\d+ -?\\d+ clip
    Says What The Twin Says    rails

The Core Works Less Than A Hundredth Of The Time And The Crystal Rests
    [Documentation]    With nobody at the other end of the line, drivers included: of 64 million instructions a second under 1 %,
    ...    and the crystal of 32 MHz, which a UART and a radio need, runs for text and advertisements alone.
    Create Machine    ${ELF}    recording
    Execute Command    gpio0 OnGPIO 8 false
    Execute Command    emulation RunFor "60.5"
    ${executed}=    Value Of    cpu ExecutedInstructions
    Should Be True    0 < ${executed} < 60.5 * 64000000 // 100
    ${crystal_us}=    Value Of    power CrystalMicroseconds
    Should Be True    0 < ${crystal_us} < 60.5 * 1000000 // 50
    # Without its cache the flash would keep a real core waiting.
    ${cache}=    Value Of    sysbus ReadDoubleWord ${CACHE}
    Should Be Equal As Integers    ${cache}    1
    Log To Console    ${executed} instructions, crystal on for ${crystal_us} us of 60.5 s

The Stack Keeps To Its Bound With Every Interrupt On It
    [Documentation]    The high-water mark of a minute's recording, commands, a write of settings and advertisements.
    Create Machine    ${ELF}    recording
    ${bottom}=    Address Of    stack_limit
    Execute Command    sysbus LoadBinary @${FILES}/paint.bin ${bottom}
    Wait For Text    K .*
    Confirm
    Command    alert 5600 6600
    Wait For Text    R alert ok
    Command    selftest
    Wait For Text    R selftest ok
    Execute Command    emulation RunFor "40"
    ${clean}=    Set Variable    ${0}
    FOR    ${offset}    IN RANGE    0    ${STACK_BYTES}    4
        ${address}=    Evaluate    hex(${bottom} + ${offset})
        ${word}=    Value Of    sysbus ReadDoubleWord ${address}
        IF    ${word} != ${PAINT}    BREAK
        ${clean}=    Evaluate    ${clean} + 4
    END
    ${used}=    Evaluate    ${STACK_BYTES} - ${clean}
    Log To Console    ${used} bytes of stack, at most ${STACK_BOUND}
    Should Be True    ${STACK_BOUND} // 2 < ${used} <= ${STACK_BOUND} <= 0.75 * ${STACK_BYTES}
    # No interrupt is above another: they never nest.
    FOR    ${offset}    IN RANGE    0    48    4
        ${address}=    Evaluate    hex(${PRIORITIES} + ${offset})
        ${priority}=    Value Of    sysbus ReadDoubleWord ${address}
        Should Be Equal As Integers    ${priority}    0
    END

Without Samples The Watchdog Ends The Run
    [Documentation]    Four seconds after the last sample: reset, banner, and why.
    Create Machine    ${ELF}    short
    Wait For Text    \# splkit.*
    # It goes on in a sleep, which Renode's own does in any case, and pauses for a debugger.
    ${config}=    Value Of    sysbus ReadDoubleWord ${WATCHDOG}
    Should Be Equal As Integers    ${config}    1
    Wait For Text    \# splkit.*    timeout=10
    Wait For Text    E watchdog [1-9]\\d*    timeout=1

Every Golden Input Gives The Oracle's Output
    [Documentation]    spl_infer of the ELF, called for each input; instructions as the core engine counts them.
    ${text}=    Get File    ${FILES}/outputs.txt
    @{expected}=    Split To Lines    ${text}
    Length Should Be    ${expected}    ${${INPUT_COUNT} * ${OUTPUT_SIZE}}
    Create Machine    ${ELF}    recording
    Execute Command    sysbus LoadBinary @${FILES}/inputs.i8 ${INPUTS_AT}
    Execute Command    sysbus LoadBinary @${FILES}/each_input.bin ${CODE_AT}
    # The start-up code is left out: it would only switch the FPU on and clear variables that spl_infer does not have.
    Execute Command    sysbus WriteDoubleWord 0xE000ED88 0x00F00000
    ${infer}=    Address Of    spl_infer
    ${stack_top}=    Address Of    stack_top
    Set Register    4    ${MODEL_AT}
    Set Register    5    ${INPUTS_AT}
    Set Register    6    ${OUTPUTS_AT}
    Set Register    7    ${INPUT_COUNT}
    Set Register    8    ${${infer} | 1}
    Set Register    9    ${INPUT_SIZE}
    Set Register    10    ${OUTPUT_SIZE}
    Set Register    13    ${stack_top}
    Execute Command    cpu PC ${CODE_AT}
    Execute Command    emulation RunFor "10"
    FOR    ${number}    ${output}    IN ENUMERATE    @{expected}
        ${address}=    Evaluate    hex(${OUTPUTS_AT} + ${number})
        ${byte}=    Value Of    sysbus ReadByte ${address}
        Should Be Equal As Integers    ${byte}    ${${output} % 256}    output ${number}
    END
    ${executed}=    Value Of    cpu ExecutedInstructions
    Should Be Equal As Integers    ${executed}    ${${INSTRUCTIONS} + 8 * ${INPUT_COUNT} + 1}
