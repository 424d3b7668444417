package trl

// correctionMode returns TRL's name for what a stage does about the sampler, or "" if it does
// nothing or something that TRL does not have.
func correctionMode(s stage) string {
	mode, ok := map[string]string{"tis": "_truncate", "mis": "_mask"}[s.Values.Choice("correct")]
	level := s.Values.Choice("correct_level")
	if !ok || level == "mean" {
		return ""
	}
	return level + mode
}

// correctionMost returns the largest ratio of the correction.
func correctionMost(s stage) string {
	if correctionMode(s) == "" {
		return ""
	}
	return decimal(s.Values.Float("correct_cap"))
}

// correctionLeast returns the smallest ratio that is not masked.
func correctionLeast(s stage) string {
	if correctionMode(s) == "" || s.Values.Choice("correct") != "mis" {
		return ""
	}
	return decimal(1 / s.Values.Float("correct_cap"))
}

// correctionNote says where TRL corrects, or that it has no such correction.
func correctionNote(s stage) string {
	switch {
	case s.Values.Choice("correct") == "none":
		return ""
	case correctionMode(s) == "":
		return "TRL has tokens and sequences, and no geometric mean over an answer."
	}
	return "TRL corrects only where vLLM samples (use_vllm)."
}

// staleThreshold returns the threshold above which answers are left out, or "" if there is none.
func staleThreshold(s stage) string {
	if s.Values.Float("mask_stale") == 0 {
		return ""
	}
	return decimal(s.Values.Float("mask_stale"))
}
