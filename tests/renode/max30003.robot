*** Comments ***
The board whose ECG comes from a MAX30003 over SPI.

*** Settings ***
Resource            nrf52.resource
Test Teardown       Nothing Was Amiss

*** Variables ***
${SCRIPT}           nrf52-max30003.resc
${CHIP}             spim1.max30003

*** Test Cases ***
The UART Says What The Host Twin Says
    ${text}=    Get File    ${FILES}/max30003.txt
    @{expected}=    Split To Lines    ${text}
    Create Machine    ${FILES}/max30003.elf    max30003
    Wait For Text    \# splkit.*
    FOR    ${line}    IN    @{expected}
        ${said}=    Wait For Next Line On Uart
        Should Be Equal    ${said.Line}    ${line}
    END
    Test If Uart Is Idle    2
    ${position}=    Value Of    ${CHIP} Position
    ${bytes}=    Get File Size    ${FILES}/max30003.i16
    Should Be Equal As Integers    ${position}    ${bytes // 2}

A FIFO That Overflows Is Counted And Begins Anew
    [Documentation]    The core stands still for longer than the FIFO holds.
    Create Machine    ${FILES}/max30003.elf    max30003
    Wait For Text    B .*
    Execute Command    cpu IsHalted true
    Execute Command    emulation RunFor "0.3"
    Execute Command    cpu IsHalted false
    Wait For Text    E lost 32    timeout=2
    Wait For Text    B .*    timeout=5

An Electrode That Is Off Ends What Is Said Of The Patient
    [Documentation]    The recording goes on meanwhile: it is the MAX30003 that says so.
    Create Machine    ${FILES}/max30003.elf    max30003
    Wait For Text    A .* normal    timeout=25
    Execute Command    ${CHIP} Electrode "N" 1000
    Wait For Text    A .* none    timeout=25
    Execute Command    ${CHIP} Electrode "N" 0
    Wait For Text    A .* normal    timeout=25
