package train

import "testing"

// Demonstrations are as likely under the old policy as when their batch was begun: the first update
// with each is SFT's, to the bit, and later ones are not.
func TestProximalImitationStartsAsImitation(t *testing.T) {
	digest := func(stages ...[]string) string {
		s := session(t, testLane(t, stages...), 1)
		run(t, s)
		return s.Weights().Digest()
	}
	shared := []string{"steps=4", "batch=8", "lr=0.01"}
	sft := digest(append([]string{"sft"}, shared...))
	if digest(append([]string{"psft", "epochs=1"}, shared...)) != sft {
		t.Error("with one update per batch psft is not sft")
	}
	if digest([]string{"psft", "epochs=4", "steps=1", "batch=8",
		"lr=0.01"}) != digest([]string{"sft", "steps=1", "batch=8", "lr=0.01"}) {
		t.Error("the first of four updates per batch is not that of sft")
	}
	if digest(append([]string{"psft", "epochs=4", "eps_high=0.001"},
		shared...)) == digest(append([]string{"psft", "epochs=4", "eps_high=10"}, shared...)) {
		t.Error("no token was stopped, though the first update moved many by more than " +
			"a thousandth")
	}
}
