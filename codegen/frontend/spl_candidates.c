/* Which waves stand alone enough to be beats: of two within SPL_FE_ISOLATION one is none. */
#include "spl_frontend_parts.h"

/* Whether the later of two near waves is the beat: the higher one. At a fast rate, where there is little
 * between them, it must be the narrower one, by a sixteenth: of R and a T wave as high, R comes first. */
static bool outdoes(const spl_wave_t *later, const spl_wave_t *earlier, bool fast) {
  if (fast && !is_far_higher(later->height, earlier->height) &&
      !is_far_higher(earlier->height, later->height)) {
    return 16 * later->narrowness > 17 * earlier->narrowness;
  }
  return later->height > earlier->height;
}

static bool is_outdone(const spl_frontend_t *frontend, const spl_wave_t *wave) {
  const bool fast = frontend->rr.count > 0 && frontend->rr.median < SPL_FE_FAST_RR;
  const spl_wave_t *last = &frontend->candidate[(frontend->written - 1u) % SPL_FE_CANDIDATES];
  if (frontend->written > 0 && (int32_t)(wave->r_sample - last->r_sample) <= SPL_FE_ISOLATION &&
      !outdoes(wave, last, fast)) {
    return true;
  }
  for (uint32_t index = frontend->waves_settled + 1u; index != frontend->waves_found; index++) {
    const spl_wave_t *later = &frontend->wave[index % SPL_FE_WAVES];
    int32_t distance = (int32_t)(later->r_sample - wave->r_sample);
    if ((distance <= SPL_FE_ISOLATION && outdoes(later, wave, fast)) ||
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
