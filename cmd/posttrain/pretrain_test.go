package main

import (
	"testing"

	"github.com/posttrain/posttrain/core/recipe"
)

// pretrained holds what the first fifty steps of each base's pretraining, with a schedule of their
// own, lead to. The numbers change when the engine does, and then every base has to be made again.
var pretrained = map[string]string{
	"addition":       "f52f48a6362cb4f1a28b1b0fae1c4dc265ef5225676588335e3a8422fbcd6437",
	"cards":          "06e6c1ec2608ad947964e7d02aedf7e43074fb14f7b8467d1d51a752e61b69c1",
	"cards_confused": "e97c93683912867e143786a2cafb7e552f2aa8d3fd7a654e86a37cd0b35f3743",
	"cards_expert":   "d31fcc45645b44acd6bd703b421d63fbba42eb4ce9636cc59fe1d7eab3c36258",
	"compose":        "bee70da2dcb372e1d3fd8000188c45de66fae35f6333e0fd9bcaaf2bb6680842",
	"countdown":      "500cfe7708f86d46adaaaba07e08e584f82265daaa052cb67dd9de41d68ef476",
	"facts":          "d7be5e4705200c3a29b8ffa6b995a5e9bab25b490d1628de7f83e39067a7f498",
	"lock":           "8fc617122a19fbcdd47696cd218451750d03c1b8167979d63ad9a8fc03f501f3",
	// taught for as long as lock, it is as lock
	"lock_untrained": "8fc617122a19fbcdd47696cd218451750d03c1b8167979d63ad9a8fc03f501f3",
	"maze":           "af4d81acbbd54ad68f94af26d40609090d7f18713db073b9f865e9c8f3c97672",
	"parity":         "d666d1cf5ab222a1219c4984cb927adaad59dcb70ef402e62166ae02c75506e4",
	"paths":          "d2dd92210f4f1de9d084c04b8d9fef8bcc102b6b6e13420fa9292b99d48d8166",
	"refusal":        "d8b4a1f256d572a74e99a8d9db9c3fb6a14b89cb17f802f727a9a9022039e4e6",
	"stories":        "d69bc124f31acbe6a3fcde74fa1ae6b1acf082f3920802b0a6c773173b78c90e",
	"taste":          "55f604f2629b16cb8f618b6321b90eccd2348ace15333cd1361a1de1e6b81d0a",
}

func TestPretrainingBits(t *testing.T) {
	for _, b := range recipe.Standard().Bases() {
		p := b.Pretraining()
		p.Values = p.Values.Clone()
		if err := p.Values.Set("steps", "50"); err != nil {
			t.Fatal(err)
		}
		params, err := p.Run(2, func(int, float64) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		if have, want := params.Digest(), pretrained[b.Name]; have != want {
			t.Errorf("base %s: the digest is %s, want %q", b.Name, have, want)
		}
	}
}
