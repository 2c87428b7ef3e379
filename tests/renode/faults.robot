*** Comments ***
What goes wrong is survived, and said by the run after it. The stand-in library misbehaves at samples of a value of their own;
tests/support/renode_suites.py says where they lie.

*** Settings ***
Resource            nrf52.resource
Test Teardown       Nothing Was Amiss

*** Variables ***
${PUSH_START}       0
${PUSH_END}         0
${UICR_APPROTECT}       0x10001208
${APPROTECT_DISABLE}    0x40000558
${OPEN}                 0x5A

*** Keywords ***
Fault Lies In The Library
    [Documentation]    The address that a line names is one of spl_push.
    [Arguments]    ${line}
    ${address}=    Evaluate    int($line.split()[-1])
    Should Be True    ${PUSH_START} <= ${address} < ${PUSH_END}

*** Test Cases ***
A Fault Resets The Chip Which Then Says Where It Was
    Create Machine    ${STAND_IN}    trap
    Wait For Text    \# splkit.*
    Wait For Text    B 10 .*
    Wait For Text    \# splkit.*    timeout=2
    ${line}=    Wait For Text    E fault \\d+    timeout=1
    Fault Lies In The Library    ${line}
    Wait For Text    B \\d+ .*    timeout=10

A Stuck Loop Is Ended By The Watchdog Which Says Where It Was
    Create Machine    ${STAND_IN}    stuck
    Wait For Text    B 10 .*
    Wait For Text    \# splkit.*    timeout=5
    ${line}=    Wait For Text    E watchdog \\d+    timeout=1
    Fault Lies In The Library    ${line}
    Wait For Text    B \\d+ .*    timeout=10

With Interrupts Off The Reset Register Still Tells Of The Watchdog
    Create Machine    ${STAND_IN}    deaf
    Wait For Text    \# splkit.*
    Wait For Text    \# splkit.*    timeout=6
    Wait For Text    E watchdog 0    timeout=1

A Brown-Out Is Said After It
    Create Machine    ${STAND_IN}    silence
    Wait For Text    \# splkit.*
    Execute Command    emulation RunFor "1"
    Execute Command    power BrownOut
    Wait For Text    \# splkit.*    timeout=2
    Wait For Text    E brownout 0    timeout=1

A Dip Of The Supply Is Survived
    Create Machine    ${STAND_IN}    silence
    Wait For Text    \# splkit.*
    Execute Command    emulation RunFor "1"
    Execute Command    power Dip
    Command    status
    Wait For Text    R status ok .*    timeout=2

No Sample Is Lost While An Inference Runs
    [Documentation]    Half a second each, as a large model's: of the 0.85 s that the ring holds.
    Create Machine    ${STAND_IN}    pauses
    Register Failing Uart String    ^E    treatAsRegex=true
    Wait For Text    B 2880 .*
    ${position}=    Value Of    saadc Position
    Should Be True    2880 < ${position} < 3100

Samples Lost In A Stall Are Counted
    Create Machine    ${STAND_IN}    stall
    ${line}=    Wait For Text    E lost \\d+
    ${lost}=    Evaluate    int($line.split()[-1])
    Should Be True    20 < ${lost} < 800

A Receiver That Nobody Drives Is Switched Off Until Somebody Does
    Create Machine    ${STAND_IN}    silence
    Wait For Text    \# splkit.*
    Execute Command    emulation RunFor "1"
    Execute Command    gpio0 OnGPIO 8 false
    Execute Command    uarte0 Break
    Execute Command    emulation RunFor "0.5"
    ${runs}=    Execute Command    power CrystalRuns
    Should Contain    ${runs}    False
    Execute Command    gpio0 OnGPIO 8 true
    Execute Command    emulation RunFor "0.5"
    Command    status
    Wait For Text    R status ok .*    timeout=2

The Debug Port Is Opened Where The UICR Says So
    Create Machine    ${STAND_IN}    silence
    Wait For Text    \# splkit.*
    ${locked}=    Value Of    sysbus ReadDoubleWord ${APPROTECT_DISABLE}
    Should Be Equal As Integers    ${locked}    0
    Execute Command    sysbus WriteDoubleWord ${UICR_APPROTECT} ${OPEN}
    Execute Command    power Lose
    Wait For Text    \# splkit.*    timeout=2
    ${open}=    Value Of    sysbus ReadDoubleWord ${APPROTECT_DISABLE}
    Should Be Equal As Integers    ${open}    ${OPEN}
