"""PyTorch's LSTM, GRU and RNN (cuDNN's on a GPU) on shapes of `gpurnn bench`: a line of JSON a measurement, as soon as it is there.

usage: peers.py DEVICE CELL T,B,I,H...        DEVICE is cuda or cpu, CELL lstm, gru or rnn

Modes: fp32 (TF32 off), tf32 (fp32 with TF32 on, PyTorch's own choice for cuDNN) and fp16. Seconds are the median of calls that are
waited for, as `gpurnn bench` takes them; weights and inputs stay where they are. Errors are max|a - b| / max|b| beside the same layer in
float64 without cuDNN, whose weights and inputs are those that fp32 has: what fp16 loses by rounding them is part of its error.
"""
import json
import math
import statistics
import sys
import time

try:
    import torch
except ImportError as problem:
    sys.exit(f"peers: PyTorch cannot be imported: {problem}")

MODES = {"fp32": (torch.float32, False), "tf32": (torch.float32, True), "fp16": (torch.float16, False)}
BLOCK_SECONDS, LEAST_CALLS, MOST_CALLS = 0.4, 5, 200


def wait(device):
    if device == "cuda":
        torch.cuda.synchronize()


def median_seconds(call, device):
    for _ in range(3):
        call()
    wait(device)
    times = []
    while len(times) < LEAST_CALLS or sum(times) < BLOCK_SECONDS and len(times) < MOST_CALLS:
        start = time.perf_counter()
        call()
        wait(device)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def error(made, expected):
    """Of the worst of several tensors; None where it is no number."""
    pairs = [(a.detach().double(), b.detach()) for a, b in zip(made, expected)]
    errors = [float((a - b).abs().max() / b.abs().max().clamp(min=1e-300)) for a, b in pairs]
    return max(errors) if all(map(math.isfinite, errors)) else None


class Layer:
    """A layer, its input and the gradient of its output, all of one type."""

    def __init__(self, source, x, dy, dtype):
        self.net = type(source)(source.input_size, source.hidden_size).to(x.device, dtype)
        self.net.load_state_dict(source.state_dict())
        self.net.flatten_parameters()
        self.x, self.dy = x.detach().to(dtype).requires_grad_(), dy.to(dtype)

    def forward(self):
        with torch.no_grad():
            return self.net(self.x)[0]

    def training(self):
        self.net.zero_grad(set_to_none=True)
        self.x.grad = None
        y = self.net(self.x)[0]
        y.backward(self.dy)
        return y

    def gradients(self):
        return [self.x.grad] + [p.grad for p in self.net.parameters()]


def measure(device, cell, shape):
    steps, sequences, inputs, units = shape
    torch.manual_seed(1)
    source = getattr(torch.nn, cell.upper())(inputs, units).to(device)
    x = torch.rand(steps, sequences, inputs, device=device) * 2 - 1
    dy = torch.rand(steps, sequences, units, device=device) * 2 - 1
    exact = Layer(source, x, dy, torch.float64)
    with torch.backends.cudnn.flags(enabled=False):
        exact_y = exact.training()
    for mode, (dtype, tf32) in MODES.items():
        if device == "cpu" and mode != "fp32":
            continue
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32
        layer = Layer(source, x, dy, dtype)
        for name in ("forward", "training"):
            row = {"cell": cell, "mode": mode, "pass": name, "t": steps, "b": sequences, "i": inputs, "h": units}
            try:
                call = getattr(layer, name)
                row["output_error"] = error([call()], [exact_y])
                if name == "training":
                    row["gradient_error"] = error(layer.gradients(), exact.gradients())
                row["seconds"] = median_seconds(call, device)
            except RuntimeError as problem:  # no memory, or a mode that this card has not
                row["failure"] = str(problem).splitlines()[0][:200]
            print(json.dumps(row), flush=True)


def main(device, cell, *shapes):
    versions = {"torch": torch.__version__, "cudnn": None, "card": None}
    if device == "cuda":
        if not torch.cuda.is_available():
            sys.exit("peers: PyTorch finds no CUDA device")
        versions.update(cudnn=torch.backends.cudnn.version(), card=torch.cuda.get_device_name())
    print(json.dumps({"versions": versions}), flush=True)
    for shape in shapes:
        measure(device, cell, [int(size) for size in shape.split(",")])


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
