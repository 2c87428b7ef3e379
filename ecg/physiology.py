"""What the simulator takes for true, each figure with its unit and source: change the physiology here."""

from typing import Final, NamedTuple

_PTB_XL = "PTB-XL 1.0.3 (Wagner 2020), ECGs labelled NORM, lead V5, median and SD"
_LESS_POTASSIUM = f"{_PTB_XL}; SD less what normal potassium (0.4 mEq/L) and sessions add"
_SEVERI = "Severi 2009, Computing in Cardiology 36: K = 1.21 (T slope over amplitude) - 0.69"
_SERIAL = "repeated ECGs of one patient, normal against K >= 5.5 mEq/L"
_HYPERKALEMIA = "Mattu 2000, Electrocardiographic manifestations of hyperkalemia; Surawicz 1967"
_HYPOKALEMIA = "Surawicz 1967, Relationship between electrocardiogram and electrolytes"
_INSENSITIVE = "Wrenn 1991, Green 2013, Rafique 2022: 40 to 60 % of patients hardly answer"
_CALIBRATED = "calibrated: no source gives it alone; a model's error as published (docs/training.md)"
_HRV = "Task Force of the ESC and NASPE 1996, Heart rate variability"
_ASSUMED = "assumed, within normal limits (Surawicz and Knilans, Chou's Electrocardiography)"


class Spread(NamedTuple):
    """How a quantity varies between patients, or between sessions of one patient."""

    median: float
    sd: float
    low: float
    high: float
    unit: str
    source: str


class Constant(NamedTuple):
    """One figure."""

    value: float
    unit: str
    source: str


# Between patients, at a normal potassium.
R_MV: Final = Spread(1.30, 0.47, 0.4, 3.0, "mV", _PTB_XL)
T_MV: Final = Spread(0.338, 0.159, 0.06, 1.1, "mV", _PTB_XL)
R_T_LOG_CORRELATION: Final = Constant(0.39, "1", f"from T/R 0.27; 0.13, {_PTB_XL}")
T_WIDTH_MS: Final = Spread(96.0, 20.0, 60.0, 180.0, "ms at half height", _LESS_POTASSIUM)
T_SLOPE_PER_S: Final = Spread(19.6, 2.5, 12.0, 28.0, "1/s, steepest descent by height", _LESS_POTASSIUM)
R_TO_T_MS: Final = Spread(258.0, 22.0, 190.0, 330.0, "ms", f"{_PTB_XL}; of its SD of 26, 14 are heart rate's")
QRS_MS: Final = Spread(90.0, 12.0, 66.0, 150.0, "ms", f"{_PTB_XL}; of its SD of 21, half is measurement")
PR_MS: Final = Spread(156.0, 26.0, 110.0, 240.0, "ms, P onset to QRS onset", _PTB_XL)
P_MS: Final = Spread(102.0, 16.0, 70.0, 140.0, "ms", _PTB_XL)
HEART_RATE_PER_MIN: Final = Spread(67.0, 12.0, 45.0, 115.0, "1/min", _PTB_XL)
P_MV: Final = Spread(0.10, 0.04, 0.03, 0.22, "mV", _ASSUMED)
Q_OVER_R: Final = Spread(0.06, 0.05, 0.0, 0.2, "1", _ASSUMED)
S_OVER_R: Final = Spread(0.20, 0.12, 0.0, 0.6, "1", _ASSUMED)
ST_MV: Final = Spread(0.02, 0.03, -0.06, 0.12, "mV", _ASSUMED)
U_MV: Final = Spread(0.02, 0.012, 0.0, 0.05, "mV", _ASSUMED)

# Between sessions of one patient: electrodes placed anew, autonomic tone, drugs. The first two, and the gains
# below, were set within their sources so that a trained model's error is that published on patients.
SESSION_SLOPE: Final = Constant(0.07, "SD of log", _CALIBRATED)
SESSION_T: Final = Constant(0.12, "SD of log", _CALIBRATED)
SESSION_R: Final = Constant(0.10, "SD of log", _ASSUMED)
SESSION_HEART_RATE: Final = Constant(0.08, "SD of log", _HRV)

# How a patient answers to potassium.
NORMAL_MEQ_L: Final = Constant(4.2, "mEq/L", "middle of the reference interval, 3.5 to 5.0")
INSENSITIVE_SHARE: Final = Constant(0.4, "of patients", _INSENSITIVE)
INSENSITIVE_GAIN: Final = Spread(0.3, 0.15, 0.0, 0.5, "mEq/L seen a mEq/L", _CALIBRATED)
SENSITIVE_GAIN: Final = Spread(1.1, 0.30, 0.5, 1.9, "mEq/L seen a mEq/L", _CALIBRATED)
MAX_SEEN_MEQ_L: Final = Constant(10.0, "mEq/L", "asystole beyond")

SLOPE_OFFSET: Final = Constant(0.69, "mEq/L", _SEVERI)
T_AMPLITUDE_POWER: Final = Constant(0.85, "power of (K + 0.69)", f"T +35 % in V4; {_SERIAL}")
T_RISE_POWER: Final = Constant(-1.6, "power of (K + 0.69)", f"T width -40 %; {_SERIAL}")
T_SHARPENS_TO: Final = Constant(7.0, "mEq/L", f"then slow conduction spreads T too; {_HYPERKALEMIA}")
PR_RISE: Final = Constant(10.0, "ms a mEq/L above normal", f"PR +21 ms; {_SERIAL}")
P_FADE_FROM: Final = Constant(5.5, "mEq/L", _HYPERKALEMIA)
P_GONE_AT: Final = Spread(8.0, 0.3, 7.5, 8.5, "mEq/L", _HYPERKALEMIA)
QRS_WIDE_FROM: Final = Constant(6.5, "mEq/L", _HYPERKALEMIA)
QRS_WIDENING: Final = Constant(0.22, "of its width a mEq/L", _HYPERKALEMIA)
R_FALL_FROM: Final = Constant(5.0, "mEq/L", _HYPERKALEMIA)
R_FALL: Final = Constant(0.05, "of its amplitude a mEq/L", _HYPERKALEMIA)
SINE_FROM: Final = Spread(8.6, 0.45, 7.8, 9.5, "mEq/L", _HYPERKALEMIA)
SINE_WITHIN: Final = Constant(1.0, "mEq/L from first fusion to sine wave", _HYPERKALEMIA)
LOW_T_FROM: Final = Constant(3.5, "mEq/L", _HYPOKALEMIA)
LOW_T: Final = Constant(0.35, "of T's amplitude a mEq/L below", _HYPOKALEMIA)
U_RISE: Final = Constant(0.09, "mV a mEq/L below 3.5", _HYPOKALEMIA)

# Heart-rate variability and breathing.
SDNN_MS: Final = Spread(35.0, 18.0, 8.0, 100.0, "ms", _HRV)
BREATHS_HZ: Final = Spread(0.25, 0.05, 0.15, 0.4, "Hz", _HRV)
SLOW_HZ: Final = Constant(0.1, "Hz", _HRV)
SLOW_OVER_FAST: Final = Spread(1.5, 0.8, 0.3, 5.0, "power", _HRV)
BREATH_ON_R: Final = Spread(0.06, 0.03, 0.0, 0.15, "of R, half swing", "Moody 1985, ECG-derived respiration")
