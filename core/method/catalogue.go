package method

import (
	"github.com/posttrain/posttrain/core/param"
)

// All returns the methods of this package in the order of their names.
func All() []Method {
	return []Method{
		APO,
		ASFT,
		BCO,
		BestOfN,
		BREAD,
		CDPO,
		CHORDMu,
		CHORDPhi,
		CISPO,
		ClipCov,
		DAPO,
		DFT,
		Dials,
		DPO,
		DrGRPO,
		EntropyAdv,
		ExGRPO,
		ForkingTokens,
		GDPO,
		GEM,
		GKD,
		GMPO,
		GPG,
		GRPO,
		GSPO,
		HPT,
		Interleave,
		IPO,
		IWSFT,
		KLCov,
		KTO,
		LengthDPO,
		LUFFY,
		LUSPO,
		MAGIC,
		MaxRL,
		Mix,
		NFT,
		NSR,
		OnlineDPO,
		OPD,
		OPMD,
		OPO,
		ORPO,
		OTR,
		PassK,
		PPO,
		PrefixRFT,
		PSFT,
		PSR,
		RAFT,
		RAFTPlusPlus,
		RDPO,
		REINFORCE,
		REINFORCEPlusPlus,
		ReLIFT,
		ReMax,
		RFT,
		RLHF,
		RLHFPPO,
		RLOO,
		RPO,
		SAPO,
		SASR,
		SDFT,
		SFT,
		SFTKL,
		SFTReplay,
		SimPO,
		SPIN,
		SPPO,
		SRFT,
		SRL,
		STaR,
		SuperRL,
		TailSFT,
		TokenCleaning,
		TOPR,
		UFT,
		UNA,
		VAPO,
		VESPO,
		WREINFORCE,
	}
}

// Lookup returns the method of All with this name. The error names the nearest one and lists all.
func Lookup(name string) (Method, error) { return Find(All(), name) }

// Find returns the method among these with this name. The error names the nearest one and lists
// all.
func Find(methods []Method, name string) (Method, error) {
	var names []string
	for _, m := range methods {
		if m.Name == name {
			return m, nil
		}
		names = append(names, m.Name)
	}
	return Method{}, param.Unknown("method", name, names)
}
