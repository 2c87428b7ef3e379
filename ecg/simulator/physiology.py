"""What the simulator takes for true, each figure with its unit and source: change the physiology here.

A source's first word says how far it was checked: `read` (the paper's own abstract was read), `measured`
(on public recordings, by a command of this repository), `stated` (handed down with that source; the paper
was not looked up), `calibrated` (set so that the simulator as a whole comes out as published), `assumed`.
"""

import math
from typing import Final, NamedTuple

_PTB_XL = "stated: PTB-XL 1.0.3 (Wagner 2020), NORM, lead V5, median and SD; bench/ptbxl.py sees it on 165"
_ATLAS = "measured on the 110 normal ECGs of the atlas, python tools/make_beat_atlas.py"
_165_ECGS = "measured on 165 of PTB-XL's ECGs labelled NORM, python bench/ptbxl.py --leads"
_LESS_SESSIONS = f"{_PTB_XL}; SD less what sessions and normal potassium (0.4 mEq/L) add"
_SEVERI = "read: Severi 2009, Computing in Cardiology 36: K = 1.21 (T slope over amplitude) - 0.69"
_SERIAL = (
    "read: Best electrocardiographic criteria for hyperkalemia in chronic hemodialysis patients (abstract): "
    "32 patients against themselves; T in V4 5.0 v 3.7 mm, in II 4.0 v 2.7; T width 2.4 v 4.1 and 2.1 v 4.1; "
    "PR 188 v 167 ms"
)
_HYPERKALEMIA = (
    "read: table 1 of Webster 2002, Emerg Med J 19: 74 (P lower, QRS wide from 6.5 to 8; P gone, sine wave "
    "above); stated: how much, and from where on, Mattu 2000 and Surawicz 1967"
)
_RECOVERY = (
    "read: T's length and area go with the dispersion of recovery times, r 0.8 (Zabel 1995, J Am Coll "
    "Cardiol 25: 746, isolated hearts, abstract); assumed: activation's share of it, as variances add"
)
_HYPOKALEMIA = (
    "read: T over U falls to 1, U above 0.05 mV in II or 0.1 mV in V3 (Weaver 1960, 130 patients, abstract); "
    "stated: how fast, Surawicz 1967"
)
_INSENSITIVE = (
    "stated: 40 to 60 % of patients hardly answer (Wrenn 1991, Green 2013, Rafique 2022); read: physicians "
    "see 34 to 43 % (Wrenn), T/R sees 24 % (Green)"
)
_PERSONAL_SESSIONS = (
    "calibrated: blood tests of one dialysis session must lower the error in later ones, by 18 % where "
    "published (0.44 to 0.36 mEq/L, Attia 2016, J Am Heart Assoc 5: e002746, abstract read)"
)
_LESS_THAN_HALF = "calibrated: hardly means by less than half; Severi's estimator then errs as published"
_MEAN_GAIN = "calibrated: the mean over all patients is then about 1; published answers are such means"
_HRV = "stated: Task Force of the ESC and NASPE 1996, Heart rate variability"
_ASSUMED = "assumed, within normal limits (Surawicz and Knilans, Chou's Electrocardiography)"
_BLOCKS = (
    "read: Atrial fibrillation, atrioventricular blocks and bundle branch blocks in hemodialysis patients, "
    "Coll Antropol 2012; 36: 1395"
)
_ST_T = (
    "calibrated: T in V5 is then inverted in about 17 % of those without blocks and pacing, strain included; "
    "read: T in aVR was upright in 37 of 223 on hemodialysis (Jaroszynski 2015, Clin Exp Nephrol 19: 1157)"
)
_KIDNEY_HRV = (
    "read: Chan 2010, Clin J Am Soc Nephrol, 239 on hemodialysis: power 106 ms^2 (quartiles 48 and 204) low, "
    "42.4 high; the SD is the root of both (abstract)"
)
_QUIET_MS = "measured in 0.2 s between T and P"
_SLOW_HZ = "measured from 0.08 to 0.65 Hz"
_NSTDB = "measured on nstdb/{} (Moody 1984), channel 0, dB under the strongest"


class Spread(NamedTuple):
    """How a quantity varies between patients, or between sessions of one patient."""

    median: float
    sd: float
    low: float
    high: float
    unit: str
    source: str

    def at(self, score: float) -> float:
        """The value at a normal score (0 is the median), held to the limits."""
        return min(max(self.median + self.sd * score, self.low), self.high)

    def log_at(self, score: float) -> float:
        """The same of a log-normal quantity: `sd` over `median` is its SD of log."""
        return min(max(self.median * math.exp(score * self.sd / self.median), self.low), self.high)


class Constant(NamedTuple):
    """One figure."""

    value: float
    unit: str
    source: str


class LeadMedians(NamedTuple):
    """One lead: medians, and spreads between patients."""

    r_mv: float
    r_log_sd: float
    t_mv: float
    t_sd_mv: float
    s_mv: float
    s_log_sd: float
    p_mv: float
    t_power: float


class Spectrum(NamedTuple):
    """A noise's power, dB, at each of `SPECTRUM_HZ`."""

    power_db: tuple[float, ...]
    source: str


class Level(NamedTuple):
    """How strong a noise is: median, mV rms, and SD of log between sessions."""

    median_mv: float
    log_sd: float
    source: str


class Setting(NamedTuple):
    """Where a session is recorded; `motion_per_min` is the mean of bursts a minute, exponential."""

    wander: Level
    muscle: Level
    exertion: Level
    mains: Level
    motion_per_min: float


# Between patients, at a normal potassium, in lead V5.
R_MV: Final = Spread(1.30, 0.39, 0.4, 3.0, "mV", _LESS_SESSIONS)
T_MV: Final = Spread(0.338, 0.125, 0.06, 1.1, "mV", _LESS_SESSIONS)
T_WIDTH_MS: Final = Spread(96.0, 12.0, 60.0, 180.0, "ms at half height", _LESS_SESSIONS)
T_SLOPE_PER_S: Final = Spread(19.9, 1.7, 12.0, 28.0, "1/s, steepest descent by height", _LESS_SESSIONS)
R_TO_T_MS: Final = Spread(258.0, 26.0, 190.0, 330.0, "ms", _PTB_XL)
QRS_MS: Final = Spread(82.0, 12.0, 62.0, 150.0, "ms", f"{_ATLAS}; of its SD of 15, a third is measurement")
PR_MS: Final = Spread(156.0, 26.0, 110.0, 240.0, "ms, P onset to QRS onset", _PTB_XL)
P_MS: Final = Spread(102.0, 10.0, 75.0, 140.0, "ms", f"{_PTB_XL}; of its SD of 16, half is measurement")
HEART_RATE_PER_MIN: Final = Spread(67.0, 12.0, 40.0, 115.0, "1/min", _PTB_XL)
P_MV: Final = Spread(0.065, 0.025, 0.025, 0.16, "mV", _165_ECGS)
Q_OVER_R: Final = Spread(0.028, 0.035, 0.0, 0.2, "1", _ATLAS)
S_OVER_R: Final = Spread(0.098, 0.088, 0.0, 0.9, "1, log-normal", _ATLAS)
ST_MV: Final = Spread(0.02, 0.03, -0.06, 0.12, "mV", _ASSUMED)
U_MV: Final = Spread(0.02, 0.012, 0.0, 0.05, "mV", _ASSUMED)

# Leads. R and T of V5, II and I are those of all of PTB-XL; T's power makes +48 % in II and +35 % in V4.
LEADS_SOURCE: Final = f"{_165_ECGS}, R's SD less what sessions add; T's power: {_SERIAL}"
LEADS: Final[dict[str, LeadMedians]] = {
    "I": LeadMedians(0.67, 0.40, 0.222, 0.10, 0.04, 0.9, 0.083, 0.85),
    "II": LeadMedians(0.85, 0.39, 0.279, 0.11, 0.07, 1.0, 0.121, 1.11),
    "V1": LeadMedians(0.18, 0.77, 0.046, 0.16, 0.86, 0.37, 0.032, 0.85),
    "V2": LeadMedians(0.47, 0.73, 0.459, 0.27, 1.38, 0.42, 0.061, 0.85),
    "V3": LeadMedians(0.82, 0.58, 0.491, 0.25, 0.78, 0.75, 0.065, 0.85),
    "V4": LeadMedians(1.27, 0.43, 0.425, 0.20, 0.36, 0.9, 0.065, 0.85),
    "V5": LeadMedians(1.30, 0.36, 0.338, 0.159, 0.13, 1.0, 0.065, 0.85),
    "V6": LeadMedians(1.12, 0.39, 0.27, 0.13, 0.02, 0.9, 0.061, 0.85),
}

# Between sessions of one patient: electrodes placed anew (R, and T with it), autonomic tone, drugs.
SESSION_SLOPE: Final = Constant(0.02, "SD of log", _PERSONAL_SESSIONS)
RECORD_SLOPE: Final = Constant(
    0.04,
    "SD of log, in a session",
    "calibrated: that estimator errs within sessions, nearer to 0.45 mEq/L",
)
SESSION_R: Final = Constant(
    0.20, "SD of log", "read: McLaughlin 1998, Eur Heart J 19: 342: R in V5 varies by 20 % from day to day"
)
SESSION_T: Final = Constant(
    0.12, "SD of log, T by R", "calibrated: T varies more than QRS from day to day (Willems 1972, read)"
)
SESSION_HEART_RATE: Final = Constant(0.08, "SD of log", _HRV)

# How a patient answers to potassium.
NORMAL_MEQ_L: Final = Constant(4.2, "mEq/L", "stated: middle of the reference interval, 3.5 to 5.0")
INSENSITIVE_SHARE: Final = Constant(0.4, "of patients", _INSENSITIVE)
INSENSITIVE_GAIN: Final = Spread(0.45, 0.05, 0.1, 0.5, "mEq/L seen a mEq/L", _LESS_THAN_HALF)
SENSITIVE_GAIN: Final = Spread(1.4, 0.25, 0.6, 2.2, "mEq/L seen a mEq/L", _MEAN_GAIN)
CONDUCTION_GAIN: Final = Constant(
    1.2, "at most, P and QRS", "calibrated: the sine wave at 7.8 to 9.5 in serum"
)
MAX_SEEN_MEQ_L: Final = Constant(10.0, "mEq/L", "assumed: asystole beyond")

SLOPE_OFFSET: Final = Constant(0.69, "mEq/L", _SEVERI)
T_RISE_POWER: Final = Constant(-1.6, "power of (K + 0.69)", f"T width -40 %; {_SERIAL}")
T_SHARPENS_TO: Final = Constant(7.0, "mEq/L", "assumed: dialysis shows what conduction does up to there")
T_SPREADS: Final = Constant(1.0, "of the variance that activation gains beyond that", _RECOVERY)
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

# What else a patient with kidney disease may have: share of patients.
PREVALENCE: Final = {
    "lvh": Constant(
        0.25,
        "of patients",
        "read: 13.4 to 41.9 % of 418 on dialysis, by criterion (Ann Noninvasive Electrocardiol 18: 188)",
    ),
    "rbbb": Constant(0.050, "of patients", _BLOCKS),
    "lbbb": Constant(0.036, "of patients", _BLOCKS),
    "af": Constant(0.079, "of patients", _BLOCKS),
    "ectopics": Constant(
        0.31, "of patients", "read: Sakhare, Indian J Nephrol: PVCs in 31.1 % on hemodialysis"
    ),
    "paced": Constant(
        0.040, "of patients", "read: Vanerio 2014, Int J Nephrol: 110 of 2778 in renal replacement"
    ),
    "st_t": Constant(0.12, "of patients", _ST_T),
    "digoxin": Constant(0.04, "of patients", "stated: Chan 2010, J Am Soc Nephrol, incident hemodialysis"),
}

# What each of these does to the ECG.
LVH_R: Final = Spread(1.45, 0.2, 1.1, 2.0, "times R", _ASSUMED)
LVH_QRS_MS: Final = Constant(8.0, "ms", _ASSUMED)
STRAIN_SHARE: Final = Constant(0.3, "of LVH", _ASSUMED)
STRAIN_T: Final = Spread(-0.3, 0.3, -0.9, 0.4, "times T", _ASSUMED)
STRAIN_ST_MV: Final = Spread(-0.12, 0.08, -0.3, 0.0, "mV", _ASSUMED)
ST_T_T: Final = Spread(-0.4, 0.3, -1.0, 0.1, "times T", _ASSUMED)
ST_T_ST_MV: Final = Spread(-0.06, 0.08, -0.3, 0.05, "mV", _ASSUMED)
BLOCK_QRS_MS: Final = Spread(
    138.0, 12.0, 120.0, 170.0, "ms", "stated: QRS of 120 ms or more defines the block"
)
RBBB_S_OVER_R: Final = Constant(0.45, "1", _ASSUMED)
LBBB_T: Final = Spread(-0.6, 0.3, -1.2, 0.2, "times T: discordant", _ASSUMED)
FIBRILLATION_MV: Final = Spread(0.05, 0.02, 0.01, 0.12, "mV", _ASSUMED)
FIBRILLATION_HZ: Final = Spread(6.0, 0.8, 4.0, 9.0, "Hz", "stated: 350 to 600 f waves a minute")
FIBRILLATION_RR: Final = Constant(0.2, "SD of RR over its mean", _ASSUMED)
ECTOPIC_SHARE: Final = Constant(0.03, "of beats, exponential", _ASSUMED)
ECTOPIC_COUPLING: Final = Spread(0.6, 0.06, 0.45, 0.75, "of RR; the pause after it compensates", _ASSUMED)
ECTOPIC_QRS_MS: Final = Constant(150.0, "ms", _ASSUMED)
PACED_SPIKE_MV: Final = Spread(0.5, 0.3, 0.05, 1.5, "mV, as an ECG's bandwidth leaves it", _ASSUMED)
PACED_PER_MIN: Final = Constant(65.0, "1/min", _ASSUMED)
DIGOXIN_ST_MV: Final = Constant(-0.08, "mV", _ASSUMED)
DIGOXIN_T: Final = Constant(0.65, "times T", _ASSUMED)
DIGOXIN_QT_MS: Final = Constant(-15.0, "ms", _ASSUMED)

# What the laboratory reports instead of what the heart saw.
LABEL_SD_MEQ_L: Final = Constant(0.10, "mEq/L", "assumed: hours between ECG and blood, and the analyser")
HEMOLYSIS_SHARE: Final = Constant(
    0.031, "of samples", "read: Wu, 3.1 % of 94,783 potassium orders (abstract)"
)
HEMOLYSIS_MEQ_L: Final = Constant(0.4, "mEq/L, exponential", _ASSUMED)

# Heart-rate variability and breathing.
SDNN_MS: Final = Spread(35.0, 18.0, 8.0, 100.0, "ms", _HRV)
KIDNEY_SDNN_MS: Final = Spread(12.2, 6.6, 3.0, 60.0, "ms, log-normal", _KIDNEY_HRV)
KIDNEY_SLOW_OVER_FAST: Final = Spread(2.5, 1.2, 0.3, 6.0, "power", f"{_KIDNEY_HRV}; spread: assumed")
BREATHS_HZ: Final = Spread(0.25, 0.05, 0.15, 0.4, "Hz", _HRV)
SLOW_HZ: Final = Constant(0.1, "Hz", _HRV)
SLOW_OVER_FAST: Final = Spread(1.5, 0.8, 0.3, 5.0, "power", _HRV)
BREATH_ON_R: Final = Spread(
    0.06, 0.03, 0.0, 0.15, "of R, half swing", "stated: Moody 1985, ECG-derived respiration"
)
T_VARIES: Final = Constant(
    0.045,
    "SD of T's amplitude from beat to beat, of it",
    "measured on PTB-XL, python bench/realism.py: 6 % with the noise",
)

# Noise: spectra and levels as recorded.
SPECTRUM_HZ: Final = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 80.0, 150.0, 250.0)
WANDER: Final = Spectrum((0, -5, -20, -28, -39, -49, -54, -54, -55, -62, -71, -80), _NSTDB.format("bw"))
MOTION: Final = Spectrum((-4, 0, -13, -5, -10, -21, -26, -37, -46, -56, -62, -70), _NSTDB.format("em"))
EXERTION: Final = Spectrum(
    (-60, -50, -40, -30, -20, -6, -5, 0, -3, -22, -25, -30),
    f"{_NSTDB.format('ma')}; what is under 5 Hz is wander",
)
MUSCLE: Final = Spectrum(
    (-30, -20, -10, -3, -1, -1, 0, -9, -15.5, -19.5, -24, -33),
    f"{_QUIET_MS}: 60 normal ECGs of PTB-XL in V5, from 5 Hz on, dB under the strongest; assumed: below",
)
REST: Final = Setting(
    wander=Level(0.033, 0.8, f"{_SLOW_HZ}: 125 ECGs of PTB-XL, V5, 14 to 109 uV in 8 of 10"),
    muscle=Level(0.0042, 0.42, f"{_QUIET_MS}: 60 normal ECGs of PTB-XL, V5; the SD is that of its bands"),
    exertion=Level(0.0, 0.0, "none at rest"),
    mains=Level(0.0003, 1.2, "measured on 125 ECGs of PTB-XL, V5: the line at 50 Hz"),
    motion_per_min=0.0,
)
AMBULATORY: Final = Setting(
    wander=Level(0.055, 0.8, f"{_SLOW_HZ}: 22 MIT-BIH records, 20 to 162 uV in 8 of 10"),
    muscle=Level(0.0042, 0.42, "as at rest"),
    exertion=Level(0.009, 0.7, f"{_QUIET_MS}: 22 MIT-BIH records, 10 uV in all but tape flutter near 30 Hz"),
    mains=Level(0.004, 0.8, "measured on 22 MIT-BIH records: the line at 60 Hz"),
    motion_per_min=1.4,
)
AMBULATORY_SHARE: Final = Constant(0.5, "of sessions", _ASSUMED)
MOTION_MV: Final = Spread(0.35, 0.15, 0.1, 0.6, "mV rms at the top of a burst", _ASSUMED)
