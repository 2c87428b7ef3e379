*** Comments ***
The power goes in the midst of a settings write, at each word that is written and every fourth millisecond of an erasure in turn:
afterwards the settings are the old ones or the new ones.

*** Settings ***
Resource            nrf52.resource
Test Teardown       Nothing Was Amiss

*** Variables ***
${OLD}              5100 6100
${NEW}              5200 6200

*** Keywords ***
Thresholds Are
    [Arguments]    @{allowed}
    Command    status
    ${line}=    Wait For Text    R status ok .*    timeout=2
    ${found}=    Evaluate    " ".join($line.split()[7:9])
    Should Contain    ${allowed}    ${found}
    RETURN    ${found}

Set Thresholds
    Confirm
    Command    alert ${OLD}
    Wait For Text    R alert ok    timeout=2

*** Test Cases ***
Settings Outlive A Power Cut
    Create Machine    ${STAND_IN}    silence
    Register Failing Uart String    ^E settings    treatAsRegex=true
    Wait For Text    \# splkit.*
    Set Thresholds
    Execute Command    power Lose
    Wait For Text    \# splkit.*    timeout=2
    Thresholds Are    ${OLD}

A Power Cut At Any Time Of A Write Leaves The Old Or The New
    Create Machine    ${STAND_IN}    silence
    Register Failing Uart String    ^E settings    treatAsRegex=true
    Wait For Text    \# splkit.*
    ${kept}=    Set Variable    0
    # The first ninety are the parts of the erasure.
    @{operations}=    Evaluate    [*range(1, 90, 4), *range(90, 200)]
    FOR    ${operation}    IN    @{operations}
        Set Thresholds
        Execute Command    nvmc CutPowerAt ${operation}
        Command    alert ${NEW}
        ${line}=    Wait For Text    R alert ok|\# splkit.*    timeout=2
        IF    $line == "R alert ok"    BREAK
        ${found}=    Thresholds Are    ${OLD}    ${NEW}
        ${kept}=    Evaluate    ${kept} + ($found == "${OLD}")
    END
    Thresholds Are    ${NEW}
    # An erasure of 90 ms, and BOARD_STORE_WORDS, 22.
    Should Be Equal As Integers    ${operation}    113
    Should Be True    ${kept} >= 24

Samples Are Taken While Settings Are Written
    [Documentation]    No sample of the converter is late for the core that stands still.
    Create Machine    ${STAND_IN}    silence
    Register Failing Uart String    ^E    treatAsRegex=true
    Wait For Text    \# splkit.*
    Execute Command    emulation RunFor "1"
    ${before}=    Value Of    saadc Position
    FOR    ${repeat}    IN RANGE    5
        Set Thresholds
        Command    alert ${NEW}
        Wait For Text    R alert ok    timeout=2
    END
    Thresholds Are    ${NEW}
    ${after}=    Value Of    saadc Position
    Should Be True    ${after} - ${before} > 10 * 0.085 * 300
