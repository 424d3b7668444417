package design

import (
	"strings"
	"testing"
)

func TestLockText(t *testing.T) {
	const want = `analysis
  resamples 5000
  level 0.9
  correction none
experiment hands
  recipe cards?eval_prompts=64&base=cards,dim=32
  tuning bases 11
  tuning seeds 21 22
  judged bases 101 102 103
  judged seeds 201 203
experiment lines
  recipe densities
  tuning bases
  tuning seeds
  judged bases
  judged seeds 1 2 3
arm hands/grpo
  grpo,lr=0.0002,beta=0,steps=50
  sft,steps=10~grpo,lr=0.0002,beta=0,steps=50
arm hands/sft
  sft,lr=0.003,steps=100
  sft,steps=100
arm lines/covering
  sft
arm lines/seeking
  reinforce
hypothesis better
  says GRPO is better at the other rule
  metric eval/ood/accuracy
  claim hands/grpo - hands/sft > 0.1
  at reach eval/id/accuracy 0.8
  choose highest eval/id/accuracy
hypothesis keeps
  says Seeking keeps more of the old mode
  metric eval/prior/overlap
  claim lines/seeking - lines/covering > 0.05
  at end
hypothesis law
  says The further, the less
  x eval/id/kl_base_policy_nats
  y eval/prior/accuracy
  arms hands/grpo hands/sft
  correlation below -0.8
`
	lock := parse(t, sample).Lock()
	if lock.Text != want {
		t.Errorf("the lock is\n%s\nwant\n%s", lock.Text, want)
	}
	if lock.Hash != digest(want) {
		t.Error("its hash is another")
	}
	if got := strings.Join(blocksOf(want), ""); got != want || len(blocksOf(want)) != 10 {
		t.Errorf("blocks %q", blocksOf(want))
	}
}

// A lock is about what is claimed and how it is judged, and about nothing else.
func TestWhatALockIsAbout(t *testing.T) {
	hash := parse(t, sample).Lock().Hash
	for _, c := range []struct {
		old, new string
		same     bool
	}{
		{"name: sample", "name: renamed", true},
		{"title: A sample", "# a comment\ntitle: Another", true},
		{"question: Which is better?\ndoc: |\n  Nothing is argued here.",
			"doc: x\nquestion: Why?", true},
		{"        title: SFT\n", "", true},
		{"    cite: Chu et al. 2025, arXiv:2501.17161\n", "", true},
		{"lr=1e-3|3e-3", "lr=0.003|0.001", true},
		{"lane: rft|dft,steps=5", "lane: star,steps=50", true}, // no hypothesis is about it
		{"higher: grpo", "higher: hands/grpo", true},
		{"arms: [sft, grpo]", "arms: [grpo, sft]", true},
		{"judge: 201|203", "judge: [203, 201]", true},
		{"resamples: 5000", "resamples: 5001", false},
		{"says: GRPO is", "says: GRPO may be", false},
		{"judge: 101..103", "judge: 101..104", false},
		{"tune: 11", "tune: 12", false},
		{"judge: 201|203", "judge: 201|204", false},
		{"eval_prompts=64", "eval_prompts=65", false},
		{"lr=1e-3|3e-3", "lr=1e-3|4e-3", false},
		{"by: 0.1", "by: 0.11", false},
		{"by: 0.1", "ratio: 0.1", false},
		{"accuracy: 0.8", "accuracy: 0.7", false},
		{"choose: {highest: eval/id/accuracy}", "choose: {lowest: eval/id/accuracy}", false},
		{"below: -0.8", "above: -0.8", false},
	} {
		got := parse(t, with(t, c.old, c.new)).Lock().Hash
		if (got == hash) != c.same {
			t.Errorf("%q in the place of %q: the same lock is %v, want %v", c.new, c.old,
				got == hash, c.same)
		}
	}
}

func TestLockFile(t *testing.T) {
	lock := parse(t, sample).Lock()
	entries := []Entry{
		{lock.Hash, "2026-11-29", 2, "0.1.0", lock.Text},
		{digest("odd: '\"\n  # x\n"), "2026-11-30", 2, "0.1.0", "odd: '\"\n  # x\n"},
	}
	text, err := FormatLock(entries)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ParseLock(text)
	if err != nil || len(got) != 2 || got[0] != entries[0] || got[1] != entries[1] {
		t.Errorf("read back as %+v (%v) from\n%s", got, err, text)
	}
	for _, c := range []struct{ old, new, want string }{
		{"> 0.1", "> 0.2", `the entry of "2026-11-29" was changed: the hash`},
		{"registered:", "registred:", "did you mean registered?"},
		{string(text), "", "it is not a lock file: the file is empty"},
		{string(text), "a: b", "it is not a lock file"},
		{string(text), strings.Repeat("{", 500), "it is not a lock file"},
	} {
		_, err := ParseLock([]byte(strings.Replace(string(text), c.old, c.new, 1)))
		if err == nil || !strings.Contains(err.Error(), c.want) ||
			strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %q", c.new, err, c.want)
		}
	}
}

func TestStanding(t *testing.T) {
	s := parse(t, sample)
	entry := func(text string) Entry {
		l := parse(t, text).Lock()
		return Entry{Hash: l.Hash, Text: l.Text}
	}
	same, other := entry(sample), entry(with(t, "by: 0.05", "by: 0.06"))
	younger := entry(with(t, "tune: 11", "tune: 12"))
	without := entry(sample[:strings.Index(sample, "  - name: law")] +
		sample[strings.Index(sample, "analysis:"):])
	at := func(timing Timing) func(string) Timing { return func(string) Timing { return timing } }
	for _, c := range []struct {
		what    string
		entries []Entry
		when    func(string) Timing
		study   State
		better  State // of the hypotheses
		keeps   State
		law     State
	}{
		{"no lock", nil, nil, Unregistered, Unregistered, Unregistered, Unregistered},
		{"before", []Entry{same}, at(Before), Registered, Registered, Registered, Registered},
		{"after", []Entry{same}, at(After), Late, Late, Late, Late},
		{"unknown", []Entry{same}, nil, Unproved, Unproved, Unproved, Unproved},
		{"another threshold", []Entry{other}, at(Before), Changed, Registered, Changed, Registered},
		{"another base for tuning", []Entry{younger}, at(Before), Changed, Changed, Registered,
			Changed},
		{"added since", []Entry{without}, at(Before), Changed, Registered, Registered,
			Unregistered},
		{"registered again afterwards", []Entry{other, same}, func(hash string) Timing {
			if hash == same.Hash {
				return After
			}
			return Before
		}, Late, Registered, Late, Registered},
	} {
		got := s.Standing(c.entries, c.when)
		h := got.Hypotheses
		if got.Study != c.study || h["better"] != c.better || h["keeps"] != c.keeps ||
			h["law"] != c.law {
			t.Errorf("%s: %+v", c.what, got)
		}
		if len(got.Dropped) > 0 {
			t.Errorf("%s: dropped %v", c.what, got.Dropped)
		}
		if (got.Entry == nil) != (len(c.entries) == 0) {
			t.Errorf("%s: entry %+v", c.what, got.Entry)
		}
	}
}

// A claim that was registered and then left out is named.
func TestDroppedHypotheses(t *testing.T) {
	l := parse(t, sample).Lock()
	fewer := parse(t, sample[:strings.Index(sample, "  - name: keeps")]+
		sample[strings.Index(sample, "analysis:"):])
	entry := Entry{Hash: l.Hash, Text: l.Text}
	got := fewer.Standing([]Entry{entry, entry}, func(string) Timing { return Before })
	if strings.Join(got.Dropped, " ") != "keeps law" || got.Study != Changed ||
		got.Hypotheses["better"] != Registered {
		t.Errorf("%+v", got)
	}
}
