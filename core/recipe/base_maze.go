package recipe

import "posttrain/core/model"

var _ = registerBase(Base{
	Name:  "maze",
	Title: "A walker without much aim",
	Doc: `Two layers of 64 channels, 0.1M weights. Grew up on walks through mazes by the compass and by turns, near and far, of which one move in five was aimed,
and on following moves. Sampled it arrives at .37 of the practised targets, .31 by turns, .04 of those that are far (greedily .79, .63, .46), and follows moves without
fault.`,
	Pretraining: pretraining("maze", model.Config{Dim: 64, Layers: 2, Heads: 4, Hidden: 176, Context: 32}, 3000),
})
