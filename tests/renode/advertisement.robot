*** Comments ***
What a phone would hear: packets as they go on air, their CRC and whitening included, against the lines on the UART.

*** Settings ***
Resource            nrf52.resource
Library             ble.py
Test Teardown       Nothing Was Amiss

*** Variables ***
${P0_OUT}           0x50000504
${P1_OUT}           0x50000804
${LED}              0x2000
${ALERT_LINE}       0x2

*** Test Cases ***
The Advertisement Says What The UART Says
    ${packets}=    Set Variable    ${FILES}/packets.txt
    Create Machine    ${STAND_IN}    high
    Execute Command    radio Capture @${packets}
    Execute Command    saadc SupplyMillivolts 3475
    Wait For Text    \# splkit.*
    Broadcast
    Wait For Text    A \\d+ high
    ${sample}=    Wait For Text    K \\d+ 5600 .* high
    Execute Command    emulation RunFor "2.5"
    ${heard}=    Advertisements    ${packets}
    Should Be Sent In Turn    ${heard}
    ${last}=    Set Variable    ${heard}[-1]
    Should Not Be Equal    ${last}[address]    D1:22:33:44:55:66
    Should Be Equal As Integers    ${last}[spl_ueq_l]    5600
    Should Be Equal As Integers    ${last}[alert]    2
    Should Be Equal As Integers    ${last}[low_ueq_l]    0xFFFF
    Should Be True    3470 <= ${last}[supply_mv] <= 3480
    ${first}=    Set Variable    ${heard}[0]
    Should Be Equal As Integers    ${first}[alert]    0
    Should Be Equal As Integers    ${first}[spl_ueq_l]    0xFFFF
    Should Be True    ${last}[sequence] > ${first}[sequence]

The Alert Line Is High During An Alert And The LED Blinks
    Create Machine    ${STAND_IN}    high
    Wait For Text    K .*
    ${line}=    Value Of    sysbus ReadDoubleWord ${P1_OUT}
    Should Be True    (${line} & ${ALERT_LINE}) == 0
    Wait For Text    A \\d+ high
    Execute Command    emulation RunFor "0.5"
    ${line}=    Value Of    sysbus ReadDoubleWord ${P1_OUT}
    Should Be True    (${line} & ${ALERT_LINE}) != 0
    ${lit}=    Set Variable    ${0}
    FOR    ${quarter}    IN RANGE    8
        ${pins}=    Value Of    sysbus ReadDoubleWord ${P0_OUT}
        ${lit}=    Evaluate    ${lit} + ((${pins} & ${LED}) == 0)
        Execute Command    emulation RunFor "0.25"
    END
    # A second of two; the LED's pin is low when it is lit.
    Should Be Equal As Integers    ${lit}    4

The Crystal Runs For It And No Longer
    Create Machine    ${STAND_IN}    silence
    Wait For Text    \# splkit.*
    Broadcast
    Execute Command    gpio0 OnGPIO 8 false
    Execute Command    uarte0 Break
    Execute Command    emulation RunFor "0.5"
    ${packets}=    Value Of    radio Packets
    ${crystal_us}=    Value Of    power CrystalMicroseconds
    Execute Command    emulation RunFor "20.5"
    ${packets_then}=    Value Of    radio Packets
    Should Be True    54 <= ${packets_then} - ${packets} <= 66
    ${crystal_us_then}=    Value Of    power CrystalMicroseconds
    Should Be True    0 < ${crystal_us_then} - ${crystal_us} < 20 * 3000

Nothing Is On Air Unless It Was Asked For
    Create Machine    ${STAND_IN}    high
    Wait For Text    A \\d+ high
    ${packets}=    Value Of    radio Packets
    Should Be Equal As Integers    ${packets}    0
