"""The reference work of docs/performance.md in PyTorch, in turns with posttrain bench: see make bench-torch.

Both do an SFT step, a rollout and a GRPO step on models of equal width, on one thread. The model here is a GPT with GELU and
LayerNorm, whose MLP has about as many weights as the SwiGLU one of Posttrain.

    python3 torch_work.py bin/posttrain --models small,medium --turns 3 --rounds 3
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

INSTALL = "on Debian or Ubuntu: apt-get install python3-torch libopenblas0-pthread"

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # read when it is loaded

# Prints the seconds of a product, the fastest of several.
PRODUCT = """
import time, torch
torch.set_num_threads(1)
a, times = torch.ones(512, 512), []
for _ in range(20):
    start = time.perf_counter()
    a @ a
    times.append(time.perf_counter() - start)
print(min(times))
"""


def fastest_core():
    """Returns the kind of processor, by OpenBLAS's names, whose kernels are the fastest here.

    OpenBLAS itself chooses kernels for SSE3 on a processor that is newer than its release. Kernels that this processor cannot
    run end the program that tries them.
    """
    times = {}
    for core in ("Prescott", "Haswell", "Zen", "SkylakeX"):
        tried = subprocess.run([sys.executable, "-c", PRODUCT], env={**os.environ, "OPENBLAS_CORETYPE": core},
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if tried.returncode == 0:
            times[core] = float(tried.stdout)
    return min(times, key=times.get, default="")  # none without PyTorch, which is noticed next


os.environ.setdefault("OPENBLAS_CORETYPE", fastest_core())  # read when it is loaded, too

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    sys.exit("PyTorch is not there; " + INSTALL)

# width, layers, heads, MLP, tokens of a row, vocabulary
MODELS = {
    "small": (64, 2, 4, 256, 48, 32),
    "medium": (128, 4, 4, 512, 64, 32),
    "full": (256, 6, 8, 1024, 128, 128),
    "large": (512, 8, 8, 2048, 128, 128),
}
ROWS, PROMPTS, GROUP, PROMPT, SAMPLED = 32, 16, 8, 16, 32


class Block(torch.nn.Module):
    def __init__(self, dim, heads, hidden):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = torch.nn.LayerNorm(dim), torch.nn.LayerNorm(dim)
        self.qkv = torch.nn.Linear(dim, 3 * dim, bias=False)
        self.out = torch.nn.Linear(dim, dim, bias=False)
        self.up = torch.nn.Linear(dim, hidden, bias=False)
        self.down = torch.nn.Linear(hidden, dim, bias=False)

    def forward(self, x, cache=None):
        """Attends causally. A cache is [keys, values] of (B,H,T,D), which grow by the new tokens."""
        b, t, c = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        if cache is not None:
            if cache:
                k, v = torch.cat([cache[0], k], 2), torch.cat([cache[1], v], 2)
            cache[:] = [k, v]
        scores = q @ k.transpose(2, 3) * (c // self.heads) ** -0.5
        if t > 1:
            scores = scores + torch.full((t, t), float("-inf")).triu(1)
        x = x + self.out((scores.softmax(-1) @ v).transpose(1, 2).reshape(b, t, c))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class Model(torch.nn.Module):
    def __init__(self, dim, layers, heads, hidden, tokens, vocab):
        super().__init__()
        self.embed = torch.nn.Embedding(vocab, dim)
        self.place = torch.nn.Embedding(max(tokens, PROMPT + SAMPLED), dim)
        self.blocks = torch.nn.ModuleList([Block(dim, heads, hidden) for _ in range(layers)])
        self.norm = torch.nn.LayerNorm(dim)
        self.head = torch.nn.Linear(dim, vocab, bias=False)

    def forward(self, tokens, caches=None, at=0):
        x = self.embed(tokens) + self.place(torch.arange(at, at + tokens.shape[1]))
        for i, block in enumerate(self.blocks):
            x = block(x, caches[i] if caches is not None else None)
        return self.head(self.norm(x))


class Work:
    def __init__(self, name):
        torch.manual_seed(1)
        dim, layers, heads, hidden, tokens, vocab = MODELS[name]
        self.policy, self.reference = (Model(dim, layers, heads, hidden, tokens, vocab) for _ in range(2))
        self.optimiser = torch.optim.AdamW(self.policy.parameters(), lr=1e-3, betas=(0.9, 0.99), weight_decay=0)
        self.rows = torch.randint(1, vocab, (ROWS, tokens + 1))
        self.prompts = torch.randint(1, vocab, (PROMPTS, PROMPT)).repeat_interleave(GROUP, 0)
        self.rewards = (torch.arange(GROUP) % 2).float().repeat(PROMPTS, 1)

    def update(self, loss):
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.policy.parameters(), 1)
        self.optimiser.step()

    def sft(self):
        logits = self.policy(self.rows[:, :-1])
        self.update(F.cross_entropy(logits.flatten(0, 1), self.rows[:, 1:].flatten()))

    @torch.no_grad()
    def rollout(self):
        caches, tokens, logps = [[] for _ in self.policy.blocks], self.prompts, []
        logits = self.policy(tokens, caches)[:, -1]
        for i in range(SAMPLED):
            logp = logits.log_softmax(-1)
            new = torch.multinomial(logp.exp(), 1)
            tokens, logps = torch.cat([tokens, new], 1), logps + [logp.gather(1, new)]
            if i + 1 < SAMPLED:
                logits = self.policy(new, caches, tokens.shape[1] - 1)[:, -1]
        return tokens, torch.cat(logps, 1)

    def logp(self, model, tokens):
        logp = model(tokens[:, :-1])[:, PROMPT - 1:].log_softmax(-1)
        return logp.gather(2, tokens[:, PROMPT:, None])[..., 0]

    def grpo(self):
        tokens, old = self.rollout()
        with torch.no_grad():
            ref = self.logp(self.reference, tokens)
        r = self.rewards
        advantage = ((r - r.mean(1, True)) / (r.std(1, unbiased=False, keepdim=True) + 1e-4)).view(-1, 1)
        logp = self.logp(self.policy, tokens)
        ratio = (logp - old).exp()
        gain = torch.min(ratio * advantage, ratio.clamp(0.8, 1.2) * advantage)
        k3 = (ref - logp).exp() - (ref - logp) - 1
        self.update(-(gain - 0.04 * k3).mean())


def openblas():
    """Reports whether the products are OpenBLAS's; Debian's plain BLAS is twenty times slower."""
    torch.ones(64, 64) @ torch.ones(64, 64)
    with open("/proc/self/maps") as maps:
        libraries = maps.read()
    return "openblas" in libraries or "mkl" in libraries


def theirs(work, rounds):
    times = {}
    for part in ("sft", "rollout", "grpo"):
        do, all = getattr(work, part), []
        for i in range(rounds + 1):  # the first one does not count
            start = time.perf_counter()
            do()
            all.append(1e3 * (time.perf_counter() - start))
        times[part] = statistics.median(all[1:])
    return times


def ours(program, name, rounds):
    out = subprocess.run([program, "bench", "--json", "--threads", "1", "--model", name, "--rounds", str(rounds)],
                         check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    result = json.loads(out)
    m = result["models"][0]
    times = {"sft": 1e3 * ROWS * MODELS[name][4] / m["sft_tokens_per_s"],
             "rollout": 1e3 * PROMPTS * GROUP * SAMPLED / m["rollout_tokens_per_s"], "grpo": m["grpo_ms_per_step"]}
    return times, result["kernels"]


def main():
    args = argparse.ArgumentParser()
    args.add_argument("program")
    args.add_argument("--models", default="small,medium")
    args.add_argument("--turns", type=int, default=3)
    args.add_argument("--rounds", type=int, default=3)
    args = args.parse_args()
    torch.set_num_threads(1)
    if not openblas():
        sys.exit("PyTorch computes with a slow BLAS here; " + INSTALL)
    print("OpenBLAS's kernels:", os.environ["OPENBLAS_CORETYPE"], flush=True)
    for name in args.models.split(","):
        work, both = Work(name), []
        for _ in range(args.turns):
            t = theirs(work, args.rounds)
            o, kernels = ours(args.program, name, args.rounds)
            both.append((o, t))
        for part in ("sft", "rollout", "grpo"):
            o, t = (statistics.median(turn[i][part] for turn in both) for i in (0, 1))
            print(f"{name:7} {part:8} posttrain ({kernels}) {o:8.1f} ms   PyTorch {torch.__version__} {t:8.1f} ms   {t / o:.2f}x", flush=True)


main()
