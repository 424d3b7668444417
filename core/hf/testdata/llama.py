"""Logits of a Llama from the files of a folder, with nothing but PyTorch and Python's own library.

The forward pass is written from the definition in transformers' modeling_llama.py. Standard input
is {"folder": "...", "tokens": [[1, 2, 3], ...]}, standard output {"logits": [[[...]]]}.
"""

import json
import math
import struct
import sys

import torch


def read_tensors(path):
    """Returns the tensors of a safetensors file by name."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        assert entry["dtype"] == "F32", entry
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        flat = torch.frombuffer(bytearray(data[begin:end]), dtype=torch.float32)
        tensors[name] = flat.reshape(entry["shape"])
    return tensors


def norm(x, weight, eps):
    return weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps))


def rotate_half(x):
    half = x.shape[-1] // 2
    return torch.cat((-x[..., half:], x[..., :half]), dim=-1)


def attention(x, weights, name, config):
    heads, width = config["num_attention_heads"], config["head_dim"]
    tokens = x.shape[0]

    def split(part):
        y = torch.nn.functional.linear(x, weights[f"{name}.{part}_proj.weight"])
        return y.view(tokens, heads, width).transpose(0, 1)

    query, key, value = split("q"), split("k"), split("v")
    inverse = 1.0 / config["rope_theta"] ** (torch.arange(0, width, 2).float() / width)
    angles = torch.outer(torch.arange(tokens).float(), inverse)
    angles = torch.cat((angles, angles), dim=-1)
    cos, sin = angles.cos(), angles.sin()
    query = query * cos + rotate_half(query) * sin
    key = key * cos + rotate_half(key) * sin
    scores = query @ key.transpose(1, 2) / math.sqrt(width)
    scores = scores + torch.full((tokens, tokens), float("-inf")).triu(1)
    mixed = torch.softmax(scores, dim=-1) @ value
    mixed = mixed.transpose(0, 1).reshape(tokens, heads * width)
    return torch.nn.functional.linear(mixed, weights[f"{name}.o_proj.weight"])


def mlp(x, weights, name):
    linear = torch.nn.functional.linear
    gate = torch.nn.functional.silu(linear(x, weights[f"{name}.gate_proj.weight"]))
    up = linear(x, weights[f"{name}.up_proj.weight"])
    return linear(gate * up, weights[f"{name}.down_proj.weight"])


def logits(tokens, weights, config):
    eps = config["rms_norm_eps"]
    x = weights["model.embed_tokens.weight"][torch.tensor(tokens)]
    for i in range(config["num_hidden_layers"]):
        name = f"model.layers.{i}"
        before = norm(x, weights[f"{name}.input_layernorm.weight"], eps)
        x = x + attention(before, weights, f"{name}.self_attn", config)
        before = norm(x, weights[f"{name}.post_attention_layernorm.weight"], eps)
        x = x + mlp(before, weights, f"{name}.mlp")
    x = norm(x, weights["model.norm.weight"], eps)
    return torch.nn.functional.linear(x, weights["lm_head.weight"]).tolist()


def main():
    torch.set_num_threads(1)
    asked = json.load(sys.stdin)
    folder = asked["folder"]
    with open(f"{folder}/config.json", encoding="utf-8") as file:
        config = json.load(file)
    assert config["model_type"] == "llama" and not config["tie_word_embeddings"], config
    weights = read_tensors(f"{folder}/model.safetensors")
    with torch.no_grad():
        answer = [logits(tokens, weights, config) for tokens in asked["tokens"]]
    json.dump({"logits": answer}, sys.stdout)


main()
