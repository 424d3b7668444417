package article

import (
	"slices"

	"github.com/posttrain/posttrain/core/recipe"
)

// note has what the declaration of a knob does not have: the values that papers use, and the paper
// that the knob comes from. Knobs of a single method, task or exhibit have the source of that
// unless a note has another one.
type note struct{ id, usual, source string }

// Reasons why a knob has no paper.
const (
	ofEveryRun = "Every training run has it; no paper is its source."
	ours       = "No paper: it was made for this playground."
)

// notes are in the order of the knobs. Values in papers are those of large language models, if
// nothing else is said, and include the defaults of libraries such as TRL, verl and OpenRLHF.
var notes = []note{
	{"seed", "In papers on deep reinforcement learning: 3 to 10 seeds.",
		"Henderson et al. 2018, arXiv:1709.06560, on why few seeds are not enough; how many are " +
			"usual: Agarwal et al. 2021, arXiv:2108.13264"},
	{"eval_every", "", ours},
	{"passk", "In papers: up to 256 or 1024.", "Chen et al. 2021, arXiv:2107.03374"},
	{"eval_prompts", "In papers: what the test set has, from 30 (AIME) to a few thousand.", ours},
	{"base", "", ours},
	{"teacher", "", ours},
	{"train_prompts", "", ours},
	{"style", "", "Lin et al. 2025, arXiv:2510.00237, on how much the way matters in which " +
		"demonstrations are written"},

	{"steps", "In papers: some hundreds to some thousands.", ofEveryRun},
	{"schedule", "In papers: cosine or linear for imitation; all three for learning from reward, " +
		"such as constant in verl, linear in TRL and cosine in OpenRLHF.",
		"The cosine: Loshchilov & Hutter 2017, arXiv:1608.03983, without its restarts"},
	{"warmup", "In papers: none, or up to a tenth of the updates.",
		"Goyal et al. 2017, arXiv:1706.02677, section 2.2"},
	{"decay", "In papers: 0 to 0.1.", "Loshchilov & Hutter 2019, arXiv:1711.05101"},
	{"optimiser", "In papers: AdamW nearly always; Muon in Kimi K2.",
		"adamw: Loshchilov & Hutter 2019, arXiv:1711.05101; sgd: Polyak 1964, " +
			"doi:10.1016/0041-5553(64)90137-5; lion: Chen et al. 2023, arXiv:2302.06675; muon: " +
			"Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/, with the scale of " +
			"Liu et al. 2025, arXiv:2502.16982"},
	{"beta1", "In papers: 0.9; 0.95 in Muon.", "Kingma & Ba 2015 (Adam), arXiv:1412.6980"},
	{"beta2", "In papers: 0.95 to 0.999; 0.99 in Lion.",
		"Kingma & Ba 2015 (Adam), arXiv:1412.6980"},
	{"eps", "In papers: 1e-8, rarely more.", "Kingma & Ba 2015 (Adam), arXiv:1412.6980"},
	{"rank", "In papers: 4 to 64; TRL's guide recommends 1 to 32 for learning from reward and " +
		"256 for imitation.", "Hu et al. 2021, arXiv:2106.09685"},
	{"anchor", "", "Li, Grandvalet & Davoine 2018, arXiv:1802.01483"},
	{"ewc", "", "Kirkpatrick et al. 2017, arXiv:1612.00796"},
	{"blend", "The paper recommends 0.5 where nothing is known.",
		"Wortsman et al. 2022, arXiv:2109.01903"},
	{"clip", "In papers: 0.2 to 1, most often 1.",
		"Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063"},
	{"demos", "LIMA imitates 1,000.", "Zhou et al. 2023 (LIMA), arXiv:2305.11206, on how few " +
		"are enough"},
	{"select", "", "Deb et al. 2025 (FisherSFT), arXiv:2505.14826"},
	{"wrong", "", ours},
	{"prior", "", "Mixing earlier data into training: Ouyang et al. 2022, arXiv:2203.02155 " +
		"(PPO-ptx)"},
	{"refresh", "", "Gorbatovski et al. 2024, arXiv:2404.09656"},
	{"prompts", "", "band: Bae et al. 2025, arXiv:2504.03380; greso: Zheng et al. 2025, " +
		"arXiv:2506.02177; hard: Kimi team 2025, arXiv:2501.12599; unsolved: Khatri et al. 2025 " +
		"(ScaleRL), arXiv:2510.13786"},
	{"downsample", "", "pods: Xu et al. 2025, arXiv:2504.13818; gfpo: Shrivastava et al. 2025, " +
		"arXiv:2508.09726"},
	{"keep", "", "Xu et al. 2025 (PODS), arXiv:2504.13818; Shrivastava et al. 2025 (GFPO), " +
		"arXiv:2508.09726"},
	{"leak", "", ours},
	{"reward_from", "", "majority: Zuo et al. 2025 (TTRL), arXiv:2504.16084; certainty: Agarwal " +
		"et al. 2025, arXiv:2505.15134; random: Shao et al. 2025, arXiv:2506.10947"},
	{"rounding", "In practice: bfloat16, fp8 or int8 for sampling, beside bfloat16 for learning.",
		"Yao et al. 2025, Your Efficient RL Framework Secretly Brings You Off-Policy RL Training"},
	{"lag", "In asynchronous frameworks: 1 to 8.",
		"Noukhovitch et al. 2024, arXiv:2410.18252; Fu et al. 2025 (AReaL), arXiv:2505.24298"},
	{"correct", "TRL's default, where vLLM samples, is to mask at the level of sequences from " +
		"above only; verl truncates if it is asked to.",
		"tis: Yao et al. 2025, Your Efficient RL Framework Secretly Brings You Off-Policy RL " +
			"Training; mis: Ling team 2025 (Ring-1T, IcePop), arXiv:2510.18855"},
	{"correct_level", "TRL's default is sequence.",
		"verl and TRL have tokens and sequences; GSPO has the mean, arXiv:2507.18071"},
	{"correct_cap", "verl: 2; TRL: 3.",
		"Yao et al. 2025, Your Efficient RL Framework Secretly Brings You Off-Policy RL Training"},
	{"mask_stale", "TRL suggests 0.5, and is off by default.",
		"DeepSeek-AI 2025 (DeepSeek-V3.2), arXiv:2512.02556"},
	{"base-stage", "", ours},

	{"lr", "In papers: 5e-6 to 5e-5 for imitation and 3e-7 to 5e-6 for learning from reward; " +
		"small models bear more, such as 3e-4 to 1e-3 in the imitation of SmolLM.",
		"Loshchilov & Hutter 2019 (AdamW), arXiv:1711.05101"},
	{"batch", "In papers: 16 to 1,024; DAPO has 512.", ofEveryRun},
	{"group", "In papers: 8 (Dr. GRPO), 16 (DAPO) to 64 (GRPO).",
		"Shao et al. 2024, arXiv:2402.03300"},
	{"epochs", "In papers on language models: 1 to 4.",
		"Schulman et al. 2017 (PPO), arXiv:1707.06347, algorithm 1"},
	{"eps_low", "In papers: 0.2; 0.0003 in GSPO and 0.002 in LUSPO, which clip whole answers; " +
		"10, that is no lower end, in DeepSeek-R1.", "Schulman et al. 2017 (PPO), " +
		"arXiv:1707.06347, eq. 7"},
	{"eps_high", "In papers: 0.2, or 0.28 (DAPO); 0.0004 in GSPO, which clips whole answers; 10 " +
		"in DeepSeek-R1.", "Schulman et al. 2017 (PPO), arXiv:1707.06347, eq. 7; apart from " +
		"eps_low: Yu et al. 2025 (DAPO), arXiv:2503.14476"},
	{"dual_clip", "In papers: 3, or 4 (INTELLECT-2).", "Ye et al. 2020, arXiv:1912.09729, eq. 5; " +
		"for language models INTELLECT-2, arXiv:2505.07291, section 4.1"},
	{"beta", "In papers: 0 (DAPO, Dr. GRPO), 0.001 (DeepSeek-R1) or 0.04 (GRPO) with a verifier; " +
		"0.01 to 0.1 with a reward model.",
		"Ziegler et al. 2019, arXiv:1909.08593; in the loss: Shao et al. 2024, arXiv:2402.03300"},
	{"beta-apo", "In papers: 0.01 to 0.5, in DPO 0.1; SimPO, which averages over tokens, 2 to " +
		"10.",
		"Rafailov et al. 2023 (DPO), arXiv:2305.18290"},
	{"epsilon", "In papers: 0.1 (rDPO).", "Mitchell 2023, A note on DPO with noisy preferences; " +
		"Ray Chowdhury et al. 2024 (rDPO), arXiv:2403.00409"},
	{"kl", "", "Schulman 2020, Approximating KL Divergence (k1 and k3)"},
	{"temp", "In papers: most often 1, else 0.6 to 1.6.", "No paper: every sampler has it."},
	{"tempered", "", "No paper: implementations differ in it."},
	{"entropy", "In papers: 0 to 0.01.", "Mnih et al. 2016 (A3C), arXiv:1602.01783"},
	{"mu", "", "Zhang et al. 2025 (CHORD), arXiv:2508.11408"},
	{"average", "", "Zhang et al. 2025 (CHORD), arXiv:2508.11408, and its code"},
	{"gamma", "In papers on language models: 1.",
		"Schulman et al. 2016, arXiv:1506.02438"},
	{"lambda", "In papers: 0.95 to 1.", "Schulman et al. 2016, arXiv:1506.02438"},
	{"lr_value", "", "Schulman et al. 2017 (PPO), arXiv:1707.06347; a rate of its own is a " +
		"choice of implementations"},
	{"vf_coef", "In papers: 0.1 to 1.", "Schulman et al. 2017 (PPO), arXiv:1707.06347, eq. 9"},
	{"value_clip", "In libraries: 0.2 (TRL) to 0.5 (verl, OpenRLHF).", "The code of PPO; " +
		"Engstrom et al. 2020, arXiv:2005.12729, on what it does"},
	{"pairs", "In papers: tens of thousands to more than a million (Llama 2).",
		"Christiano et al. 2017, arXiv:1706.03741; Stiennon et al. 2020, arXiv:2009.01325"},
	{"judged", "", "Christiano et al. 2017, arXiv:1706.03741, whose labels were given by people"},
	{"steps_reward", "", "Stiennon et al. 2020, arXiv:2009.01325"},
	{"lr_reward", "", "Stiennon et al. 2020, arXiv:2009.01325"},
	{"ensemble", "In the code of the paper: 5.", "Coste et al. 2023, arXiv:2310.02743"},
	{"join", "", "Coste et al. 2023, arXiv:2310.02743"},
	{"penalty", "In the code of the paper: 0.5 for the best of n, 0.1 for PPO.",
		"Coste et al. 2023, arXiv:2310.02743"},
	{"doubt", "", "Bradley & Terry 1952, doi:10.2307/2334029"},
	{"flip", "Coste et al. flip a quarter.", "Coste et al. 2023, arXiv:2310.02743"},
	{"length_bias", "", "Singhal et al. 2023, arXiv:2310.03716, on how much of RLHF is length"},

	{"size", "", ours},
	{"dim", "", "Vaswani et al. 2017, arXiv:1706.03762"},
	{"layers", "", "Vaswani et al. 2017, arXiv:1706.03762"},
	{"heads", "", "Vaswani et al. 2017, arXiv:1706.03762"},
	{"hidden", "In papers: 8/3 of dim, with gates as here.",
		"Shazeer 2020, arXiv:2002.05202; Touvron et al. 2023 (Llama), arXiv:2302.13971"},
	{"context", "", "Vaswani et al. 2017, arXiv:1706.03762"},
	{"steps-base", "", ofEveryRun},
	{"seed-base", "", ours},
	{"batch-base", "", ofEveryRun},
	{"lr-base", "", "Loshchilov & Hutter 2019 (AdamW), arXiv:1711.05101"},
	{"warmup-base", "", "Goyal et al. 2017, arXiv:1706.02677, section 2.2"},
	{"decay-base", "In papers: 0.1.", "Loshchilov & Hutter 2019, arXiv:1711.05101"},
	{"mistakes", "", ours},
	{"prior-base", "", ours},
	{"foreign", "", ours},
	{"confused", "", ours},
}

// annotate adds the knob's note, and the source of what alone has it if there is no other.
func (k *KnobEntry) annotate(c *recipe.Catalogue) {
	if i := slices.IndexFunc(notes, func(n note) bool { return n.id == k.ID }); i >= 0 {
		k.Usual, k.Source = notes[i].usual, notes[i].source
	}
	if k.Source == "" && k.Group.Alone() {
		k.Source = citeOf(c, k.owners()[0].Ref)
	}
}

// citeOf returns the source of a method, a task or an exhibit.
func citeOf(c *recipe.Catalogue, r Ref) string {
	switch r.Kind {
	case Method:
		m, _ := c.Method(r.Name)
		return m.Cite
	case Task:
		t, _ := c.Task(r.Name)
		return t.Cite
	}
	e, _ := c.Exhibit(r.Name)
	return e.Cite
}
