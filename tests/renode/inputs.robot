*** Comments ***
What people and the amplifier do to the pins: the button that acknowledges, and the outputs that say of an electrode that it is off.

*** Settings ***
Resource            nrf52.resource
Test Teardown       Nothing Was Amiss

*** Variables ***
# P0.11; P1.02 and P1.03: boards/nrf52/board.toml.
${BUTTON}           gpio0 OnGPIO 11
${PLUS}             gpio1 OnGPIO 2
${MINUS}            gpio1 OnGPIO 3
${P0}               0x50000000
${P1}               0x50000300
${PULL_UP}          0xC
${PULL_DOWN}        0x4

*** Keywords ***
Press
    [Documentation]    The button's pin is low while it is pressed.
    [Arguments]    ${seconds}
    Execute Command    ${BUTTON} false
    Execute Command    emulation RunFor "${seconds}"
    Execute Command    ${BUTTON} true
    Execute Command    emulation RunFor "0.1"

Alarms Are
    [Arguments]    ${alarms}
    Command    alarms
    ${line}=    Wait For Text    R alarms ok.*    timeout=2
    Should Be Equal    ${line}    R alarms ok ${alarms}

Samples Go To The Rail
    [Documentation]    Of a line of the trace each of the sixteen samples is the greatest, until the electrode is on again.
    [Arguments]    ${electrode}
    Execute Command    ${electrode} true
    Wait For Text    T \\S+ \\S+ (7FFF){16}    timeout=2
    Execute Command    ${electrode} false
    Wait For Text    T \\S+ \\S+ (0000){16}    timeout=2

Is Configured
    [Documentation]    PIN_CNF of a pin: an input whose buffer is connected, with its pull.
    [Arguments]    ${port}    ${number}    ${pull}
    ${address}=    Evaluate    hex(${port} + 0x700 + 4 * ${number})
    ${value}=    Value Of    sysbus ReadDoubleWord ${address}
    Should Be Equal As Integers    ${value}    ${pull}

*** Test Cases ***
Each Pin Is An Input With Its Pull
    Create Machine    ${STAND_IN}    silence
    Wait For Text    \# splkit.*
    Is Configured    ${P0}    11    ${PULL_UP}
    Is Configured    ${P1}    2    ${PULL_DOWN}
    Is Configured    ${P1}    3    ${PULL_DOWN}

The Button Acknowledges Where It Is Held And Not Where It Bounces
    Create Machine    ${STAND_IN}    critical
    Wait For Text    A \\d+ critical
    Alarms Are    critical active
    Press    0.04
    Alarms Are    critical active
    Press    0.3
    Alarms Are    critical acknowledged

An Electrode That Is Off Puts Samples On The Rail
    Create Machine    ${STAND_IN}    silence
    Wait For Text    \# splkit.*
    Command    trace on
    Wait For Text    R trace ok.*    timeout=2
    Samples Go To The Rail    ${PLUS}
    Samples Go To The Rail    ${MINUS}
