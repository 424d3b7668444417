package task

// Answer is what the world says after a response so far, before the policy goes on.
func (t Task) Answer(p Problem, response []int32) []int32 {
	text, finished := t.Decode(response)
	if t.World == nil || finished {
		return nil
	}
	return t.MustEncode(t.World(p, text))
}

// Turns plays a response out: it puts what the world says behind each of the policy's own tokens, where it does not stand there
// already; where it is not said, an own token that happens to be the same is taken for it. It returns all tokens (n), at most MaxResponse, and the places of the policy's own (T), or nil where no world
// speaks and all are.
func (t Task) Turns(p Problem, response []int32) (played []int32, places []int) {
	if t.World == nil {
		return response, nil
	}
	places = []int{}
	for len(response) > 0 && len(played) < t.MaxResponse {
		places = append(places, len(played))
		played, response = append(played, response[0]), response[1:]
		said := t.Answer(p, played)
		played = append(played, said...)
		alike := 0
		for alike < min(len(said), len(response)) && said[alike] == response[alike] {
			alike++
		}
		if alike == len(said) || alike == len(response) {
			response = response[alike:]
		}
	}
	return played[:min(len(played), t.MaxResponse)], places
}

// Own leaves of a response what the policy itself says.
func (t Task) Own(p Problem, response []int32) []int32 {
	played, places := t.Turns(p, response)
	if places == nil {
		return response
	}
	own := make([]int32, len(places))
	for i, place := range places {
		own[i] = played[place]
	}
	return own
}
