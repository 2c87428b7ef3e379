*** Comments ***
What feeds the chip: REG1's DC/DC converter where its inductor is fitted, a battery in front of the high-voltage regulator.

*** Settings ***
Resource            nrf52.resource

*** Variables ***
${AT_VDDH}          ${FILES}/at_vddh.elf

*** Keywords ***
Is Refused
    [Arguments]    ${why}
    Wait For Log Entry    refused: ${why}    level=Error    timeout=1

*** Test Cases ***
A Battery In Front Of The Regulator Is Measured There And Its End Is An Alarm
    [Documentation]    VDD comes first, and says where the rails are; a minute later VDDH, and then in turn.
    [Teardown]    Nothing Was Amiss
    Create Machine    ${AT_VDDH}    silence
    Execute Command    power HasInductor true
    Execute Command    saadc VddhMillivolts 3700
    Wait For Text    \# splkit.*
    Execute Command    emulation RunFor "61"
    Command    status
    Wait For Text    R status ok live .* (3699|3700) potassium .*    timeout=2
    Execute Command    saadc VddhMillivolts 3300
    Wait For Text    L \\d+ battery active    timeout=125

A Converter Without Its Inductor Is Refused
    Create Machine    ${AT_VDDH}    silence
    Execute Command    emulation RunFor "0.1"
    Is Refused    DCDCEN: REG1 has no inductor

A Converter That Stays Off Is Refused Where The Inductor Is Fitted
    Create Machine    ${STAND_IN}    silence
    Execute Command    power HasInductor true
    Execute Command    emulation RunFor "0.1"
    Is Refused    DCDCEN is off, and REG1 has its inductor

A Converter Of REG0 Is Refused
    Create Machine    ${STAND_IN}    silence
    Execute Command    sysbus WriteDoubleWord 0x40000580 1
    Is Refused    DCDCEN0: REG0 has no inductor

VDDH Is Refused Where It Is Not The Supply
    Create Machine    ${AT_VDDH}    silence
    Execute Command    power HasInductor true
    Execute Command    emulation RunFor "61"
    Is Refused    channel 0 is at no input of the board
