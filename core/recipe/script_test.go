package recipe_test

import (
	"strings"
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
	"github.com/posttrain/posttrain/core/script"
)

const ownReward = `weights = {"right": 1, "short": 0.3}
def reward(prompt, response, answer):
    return {"right": response.endswith(answer), "short": 1 / (1 + len(response))}
`

func withScripts() *recipe.Catalogue { return recipe.Standard().WithScripts(script.Starlark{}) }

// A link carries a short reward, which whoever opens it has then; its canonical form has the
// digest.
func TestALinkHasAReward(t *testing.T) {
	r, err := withScripts().Parse("cards?lane=grpo,steps=2")
	if err != nil {
		t.Fatal(err)
	}
	plain := r.Link()
	if err := r.SetReward("mine.star", ownReward); err != nil {
		t.Fatal(err)
	}
	if want := strings.Replace(plain, "&lane=", "&reward="+r.Reward+"&lane=", 1); r.Link() != want {
		t.Errorf("the link is %s, want %s", r.Link(), want)
	}
	address := r.Address()
	if !strings.HasPrefix(address, r.Link()+"&script=") || r.Command() !=
		"posttrain run '"+address+"'" {
		t.Errorf("the address is %s, and the command %s", address, r.Command())
	}
	again, err := withScripts().Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if again.Link() != r.Link() || again.Address() != address || again.Ready() != nil {
		t.Errorf("%s has become %s", address, again.Address())
	}
	if d := again.Describe(); d.Reward == nil || !d.Reward.Known || d.Reward.Text != ownReward ||
		len(d.Reward.Parts) != 2 || d.Reward.Parts[1].Name != "short" {
		t.Errorf("it is described as %+v", d.Reward)
	}
	if lanes, err := again.Plan(); err != nil || lanes[0].Reward == nil {
		t.Errorf("the lane has no reward: %v", err)
	}
}

// A link with the digest alone waits for the text, and takes no other one.
func TestALinkWaitsForItsReward(t *testing.T) {
	r, err := withScripts().Parse("cards?lane=grpo,steps=2&reward=0123456789ab")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Ready(); err == nil || !strings.Contains(err.Error(),
		"learns from the reward 0123456789ab, which is not here") {
		t.Errorf("it is ready: %v", err)
	}
	if err := r.SetReward("mine.star", ownReward); err == nil || !strings.Contains(err.Error(),
		"want the same text, or a recipe without reward=0123456789ab") {
		t.Errorf("another reward is taken: %v", err)
	}
	if want := "posttrain run '" + r.Link() + "' --reward FILE.star"; r.Describe().Command != want {
		t.Errorf("the command is %s, want %s", r.Describe().Command, want)
	}
}

func TestLinksWithWrongRewards(t *testing.T) {
	packed := script.Starlark{}.Pack("def reward(a): pass")
	for link, want := range map[string]string{
		"cards?lane=grpo&reward=x":         "reward=\"x\": expected the digest of a reward",
		"cards?lane=grpo&script=AAAAA":     "script: it cannot be unpacked",
		"cards?lane=grpo&script=" + packed: "reward.star: there is no function reward",
		"cards?lane=grpo&reward=0123456789ab&script=" + script.Starlark{}.Pack(ownReward): "" +
			"the recipe is about the reward 0123456789ab",
		"densities?reward=0123456789ab": "no prompts",
	} {
		if _, err := withScripts().Parse(link); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", link, err, want)
		}
	}
	link := "cards?lane=grpo&script=" + script.Starlark{}.Pack(ownReward)
	if _, err := recipe.Standard().Parse(link); err == nil || !strings.Contains(err.Error(),
		"runs none") {
		t.Errorf("a catalogue without scripts: %v", err)
	}
}

// Longer scripts are known by their digests alone.
func TestALongRewardIsNotInLinks(t *testing.T) {
	noise := make([]byte, 0, 8000)
	for i, x := 0, uint32(1); i < 7000; i++ {
		x = x*1664525 + 1013904223
		noise = append(noise, "abcdefghijklmnopqrstuvwxyz0123456789"[(x>>16)%36])
	}
	text := ownReward + "# " + string(noise) + "\n"
	r, err := withScripts().Parse("cards?lane=grpo,steps=2")
	if err != nil {
		t.Fatal(err)
	}
	if err := r.SetReward("mine.star", text); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(r.Address(), "script=") {
		t.Errorf("the address has %d symbols", len(r.Address()))
	}
}
