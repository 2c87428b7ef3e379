/* Registers of a MAX30003 on its own bus, by the names of its data sheet (19-100144 Rev 3, "Register Map"). */
#ifndef MAX30003_REGISTERS_H
#define MAX30003_REGISTERS_H

#define MAX30003_STATUS 0x01u
#define MAX30003_EN_INT 0x02u
#define MAX30003_MNGR_INT 0x04u
#define MAX30003_SW_RST 0x08u
#define MAX30003_SYNCH 0x09u
#define MAX30003_FIFO_RST 0x0Au
#define MAX30003_CNFG_GEN 0x10u
#define MAX30003_CNFG_EMUX 0x14u
#define MAX30003_CNFG_ECG 0x15u
#define MAX30003_ECG_FIFO_BURST 0x20u

#define MAX30003_STATUS_DCLOFFINT (1u << 20)
#define MAX30003_EN_INT_EN_EINT (1u << 23)
#define MAX30003_EN_INT_INTB_TYPE_CMOS (1u << 0)
#define MAX30003_MNGR_INT_EFIT(samples_less_one) ((samples_less_one) << 19)
#define MAX30003_CNFG_GEN_FMSTR(choice) ((choice) << 20)
#define MAX30003_CNFG_GEN_EN_ECG (1u << 19)
#define MAX30003_CNFG_GEN_EN_DCLOFF_ECG (1u << 12)
#define MAX30003_CNFG_GEN_DCLOFF_IMAG_10_NA (2u << 8)
#define MAX30003_CNFG_GEN_DCLOFF_VTH_300_MV (0u << 6)
#define MAX30003_CNFG_GEN_EN_RBIAS_ECG (1u << 4)
#define MAX30003_CNFG_GEN_RBIASV_100_MOHM (1u << 2)
#define MAX30003_CNFG_GEN_RBIASP (1u << 1)
#define MAX30003_CNFG_GEN_RBIASN (1u << 0)
#define MAX30003_CNFG_ECG_RATE(choice) ((choice) << 22)
#define MAX30003_CNFG_ECG_GAIN_20 (0u << 16)
#define MAX30003_CNFG_ECG_DHPF_0_5_HZ (1u << 14)
#define MAX30003_CNFG_ECG_DLPF_40_HZ (1u << 12)

#endif
