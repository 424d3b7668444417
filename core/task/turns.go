package task

// Reply returns what the world says after an unfinished response, before the policy goes on.
func (t Task) Reply(p Problem, response []int32) []int32 {
	text, finished := t.Decode(response)
	if t.World == nil || finished {
		return nil
	}
	return t.MustEncode(t.World(p, text))
}

// PlayTurns completes a response with the world's replies: behind each token of the policy it
// inserts the reply, unless the response has it there already. It returns all tokens (n), at most
// MaxResponse, and the indices of the policy's among them (T). The indices are nil if the task has
// no World, so that all tokens are the policy's.
//
// If the response lacks a reply, but its next tokens happen to equal it, they are taken for it.
func (t Task) PlayTurns(p Problem, response []int32) (played []int32, places []int) {
	if t.World == nil {
		return response, nil
	}
	places = []int{}
	for len(response) > 0 && len(played) < t.MaxResponse {
		places = append(places, len(played))
		played, response = append(played, response[0]), response[1:]
		said := t.Reply(p, played)
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

// PolicyTokens returns the tokens of a response that are the policy's, without the world's.
func (t Task) PolicyTokens(p Problem, response []int32) []int32 {
	played, places := t.PlayTurns(p, response)
	if places == nil {
		return response
	}
	own := make([]int32, len(places))
	for i, place := range places {
		own[i] = played[place]
	}
	return own
}
