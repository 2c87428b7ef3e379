*** Comments ***
The firmware of an export for nrf52, on the simulated nRF52840. tests/renode/test_renode.py makes the variables' files:
BOARD is the folder of the board's Renode files, ELF the very firmware.elf that is flashed.

*** Settings ***
Library             OperatingSystem
Library             String

*** Variables ***
${BOARD}            ${CURDIR}
${ELF}              ${CURDIR}/firmware.elf
${RECORDING}        ${CURDIR}/recording.i16
${LINES}            ${CURDIR}/lines.txt
${INPUTS}           ${CURDIR}/inputs.i8
${EACH_INPUT}       ${CURDIR}/each_input.bin
${OUTPUTS}          ${CURDIR}/outputs.txt
${INSTRUCTIONS}     0

# RAM far above what the firmware uses.
${MODEL_AT}         0x20010000
${OUTPUTS_AT}       0x20018000
${CODE_AT}          0x20019000
${COUNT_AT}         0x2001A000
${INPUTS_AT}        0x20020000
${INPUT_SIZE}       270

*** Keywords ***
Create Machine
    Execute Command    $elf=@${ELF}
    Execute Command    $recording=@${RECORDING}
    Execute Command    include @${BOARD}/nrf52.resc
    Create Log Tester    1

Nothing Was Amiss
    Should Not Be In Log    non existing peripheral    timeout=0
    Should Not Be In Log    TASKS_SAMPLE without a buffer    timeout=0
    ${missed}=    Execute Command    saadc Missed
    Should Be Equal As Integers    ${missed}    0

Set Register
    [Arguments]    ${number}    ${value}
    Execute Command    cpu SetRegister ${number} ${value}

Address Of
    [Arguments]    ${symbol}
    ${address}=    Execute Command    sysbus GetSymbolAddress "${symbol}"
    RETURN    ${address.strip()}

*** Test Cases ***
The UART Says What The Core Engine Says
    [Documentation]    Every line of one recording: banner, beats, estimates.
    ${text}=    Get File    ${LINES}
    @{expected}=    Split To Lines    ${text}
    Create Machine
    Create Terminal Tester    sysbus.uarte0    timeout=30
    Start Emulation
    FOR    ${line}    IN    @{expected}
        ${said}=    Wait For Next Line On Uart
        Should Be Equal    ${said.Line}    ${line}
    END
    Nothing Was Amiss

Every Sample Of The Recording Is Taken Once And No More Is Said
    [Documentation]    The ADC gave every sample once, the last ones in a block that was not full.
    ${text}=    Get File    ${LINES}
    ${last}=    Get Line    ${text}    -1
    ${bytes}=    Get File Size    ${RECORDING}
    Create Machine
    Create Terminal Tester    sysbus.uarte0    timeout=600
    Start Emulation
    Wait For Line On Uart    ${last}
    Test If Uart Is Idle    2
    ${position}=    Execute Command    saadc Position
    Should Be Equal As Integers    ${position}    ${${bytes} // 2}
    Nothing Was Amiss

The Core Wakes Once A Block And Works Less Than A Hundredth Of The Time
    [Documentation]    board_sleep is counted: once a block of 16 samples, and when text has left. Nothing else wakes the core.
    ...    Of 64 million instructions a second, all those that it executes, drivers included, are under 1 %.
    ${text}=    Get File    ${LINES}
    ${lines}=    Get Line Count    ${text}
    Create Machine
    ${sleep}=    Address Of    board_sleep
    Execute Command    cpu AddHook ${sleep} "b = machine.SystemBus; b.WriteDoubleWord(${COUNT_AT}, b.ReadDoubleWord(${COUNT_AT}) + 1)"
    Execute Command    emulation RunFor "60.5"
    ${count}=    Execute Command    sysbus ReadDoubleWord ${COUNT_AT}
    ${blocks}=    Evaluate    60 * 300 // 16
    # A line is one stretch of text, or two where it goes around the end of the ring.
    Should Be True    ${blocks} <= ${${count.strip()}} <= ${blocks} + 2 * ${lines} + 2
    ${executed}=    Execute Command    cpu ExecutedInstructions
    Should Be True    0 < ${${executed.strip()}} < 60.5 * 64000000 // 100
    Nothing Was Amiss

Without Samples The Watchdog Ends The Run
    [Documentation]    Four seconds after the last sample: reset, banner, and why.
    ${text}=    Get File    ${LINES}
    ${banner}=    Get Line    ${text}    0
    ${last}=    Get Line    ${text}    -1
    Create Machine
    Create Terminal Tester    sysbus.uarte0    timeout=600
    Start Emulation
    Wait For Line On Uart    ${last}
    Wait For Line On Uart    ${banner}    timeout=10
    Wait For Line On Uart    ^E watchdog [1-9]    timeout=1    treatAsRegex=true
    Nothing Was Amiss

Every Golden Input Gives The Oracle's Output
    [Documentation]    spl_infer of the ELF, called for each input; instructions as the core engine counts them.
    ${text}=    Get File    ${OUTPUTS}
    @{expected}=    Split To Lines    ${text}
    ${count}=    Get Length    ${expected}
    Create Machine
    Execute Command    sysbus LoadBinary @${INPUTS} ${INPUTS_AT}
    Execute Command    sysbus LoadBinary @${EACH_INPUT} ${CODE_AT}
    # The start-up code is left out: it would only switch the FPU on and clear variables that spl_infer does not have.
    Execute Command    sysbus WriteDoubleWord 0xE000ED88 0x00F00000
    ${infer}=    Address Of    spl_infer
    ${stack_top}=    Address Of    stack_top
    Set Register    4    ${MODEL_AT}
    Set Register    5    ${INPUTS_AT}
    Set Register    6    ${OUTPUTS_AT}
    Set Register    7    ${count}
    Set Register    8    ${${infer} | 1}
    Set Register    9    ${INPUT_SIZE}
    Set Register    13    ${stack_top}
    Execute Command    cpu PC ${CODE_AT}
    Execute Command    emulation RunFor "10"
    FOR    ${number}    ${output}    IN ENUMERATE    @{expected}
        ${address}=    Evaluate    hex(${OUTPUTS_AT} + ${number})
        ${byte}=    Execute Command    sysbus ReadByte ${address}
        Should Be Equal As Integers    ${byte}    ${${output} % 256}    input ${number}
    END
    ${executed}=    Execute Command    cpu ExecutedInstructions
    Should Be Equal As Integers    ${executed}    ${${INSTRUCTIONS} + 8 * ${count} + 1}
    Nothing Was Amiss
