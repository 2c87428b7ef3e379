/* Which waves stand alone enough to be beats: of two within SPL_FE_ISOLATION one is none. */
#include "spl_frontend_parts.h"

/* Whether the later of two near waves is the beat: the higher one, of P and R. Where there is little between
 * them and the earlier is too tall for a P wave, half the noise taken off it, it is the narrower one, by a
 * sixteenth: of R and a T wave as high, R comes first. */
static bool outdoes(const spl_wave_t *later, const spl_wave_t *earlier, int32_t noise) {
  int64_t height = (int64_t)SPL_FE_NARROWNESS_UNIT * (2 * earlier->height - noise);
  if (!is_far_higher(later->height, earlier->height) &&
      !is_far_higher(earlier->height, later->height) &&
      height >= (int64_t)2 * SPL_FE_P_WAVE * earlier->narrowness) {
    return 16 * later->narrowness > SPL_FE_NARROWER_SIXTEENTHS * earlier->narrowness;
  }
  return later->height > earlier->height;
}

static bool is_outdone(const spl_frontend_t *frontend, const spl_wave_t *wave) {
  const int32_t noise = frontend->noise.median;
  const spl_wave_t *last = &frontend->candidate[(frontend->written - 1u) % SPL_FE_CANDIDATES];
  if (frontend->written > 0 && (int32_t)(wave->r_sample - last->r_sample) <= SPL_FE_ISOLATION &&
      !outdoes(wave, last, noise)) {
    return true;
  }
  for (uint32_t index = frontend->waves_settled + 1u; index != frontend->waves_found; index++) {
    const spl_wave_t *later = &frontend->wave[index % SPL_FE_WAVES];
    int32_t distance = (int32_t)(later->r_sample - wave->r_sample);
    if ((distance <= SPL_FE_ISOLATION && outdoes(later, wave, noise)) ||
        (distance <= SPL_FE_SHADOW && is_far_higher(later->height, wave->height))) {
      return true;
    }
  }
  return false;
}

void spl_candidates_isolate(spl_frontend_t *frontend) {
  const spl_wave_t *wave = &frontend->wave[frontend->waves_settled % SPL_FE_WAVES];
  if (!is_outdone(frontend, wave)) {
    frontend->candidate[frontend->written++ % SPL_FE_CANDIDATES] = *wave;
  }
  frontend->waves_settled++;
}
