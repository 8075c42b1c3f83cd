#!/usr/bin/env python3
"""Training throughput of networks of nasturtium in PyTorch, for `nas bench training --against`.

usage: pytorch_training.py NETWORK.json [--name NAME] [--batch 64] [--threads 2] [--steps 20]

NETWORK.json is what `Network.toJson()` writes. A step is forward, cross-entropy, backward and SGD with momentum on one
fixed random batch, as in `nas bench training`. Both memory formats are tried and the faster median is reported, and
glibc is told to keep freed memory, without which page faults halve PyTorch's speed on virtual machines.
"""
import argparse
import json
import os
import resource
import statistics
import sys
import time

MALLOC = {
    'MALLOC_TOP_PAD_': '268435456',
    'MALLOC_TRIM_THRESHOLD_': '8589934592',
    'MALLOC_MMAP_THRESHOLD_': '8589934592',
}
if __name__ == '__main__' and any(os.environ.get(name) != value for name, value in MALLOC.items()):
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **MALLOC})

import torch
import torch.nn as nn
import torch.nn.functional as F

ACTIVATIONS = {
    'relu': nn.ReLU,
    'relu6': nn.ReLU6,
    'hard-swish': nn.Hardswish,
    'hard-sigmoid': nn.Hardsigmoid,
    'silu': nn.SiLU,
    'sigmoid': nn.Sigmoid,
    'tanh': nn.Tanh,
    'gelu': nn.GELU,
}


class Slice(nn.Module):
    def __init__(self, start, end):
        super().__init__()
        self.start, self.end = start, end

    def forward(self, x):
        return x[:, self.start:self.end]


class Shuffle(nn.Module):
    def __init__(self, groups):
        super().__init__()
        self.groups = groups

    def forward(self, x):
        n, c, h, w = x.shape
        return x.view(n, self.groups, c // self.groups, h, w).transpose(1, 2).reshape(n, c, h, w)


class Zeros(nn.Module):
    """A map of zeros, as the operation `none` of cells: PyTorch broadcasts it where it is added."""

    def __init__(self, shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.new_zeros(()).expand(x.shape[0], *self.shape)


def module(layer, shapes):
    """The module of a layer, and the shape that it gives (without the batch)."""
    kind, a = layer['kind'], layer['attributes']
    first = shapes[layer['inputs'][0]]

    def window(axis):
        reach = a.get('dilation', [1, 1])[axis] * (a['kernel'][axis] - 1) + 1
        return (first[1 + axis] + 2 * a['padding'][axis] - reach) // a['stride'][axis] + 1

    if kind == 'conv2d':
        conv = nn.Conv2d(first[0], a['out'], a['kernel'], a['stride'], a['padding'], a['dilation'], a['groups'], a['bias'])
        return conv, [a['out'], window(0), window(1)]
    if kind == 'batchNorm':
        norm = nn.BatchNorm2d if len(first) == 3 else nn.BatchNorm1d
        return norm(first[0], a['epsilon'], a['momentum'], a['affine']), first
    if kind == 'activation':
        return ACTIVATIONS[a['function']](), first
    if kind == 'avgPool2d':
        return nn.AvgPool2d(a['kernel'], a['stride'], a['padding'], count_include_pad=False), [first[0], window(0), window(1)]
    if kind == 'maxPool2d':
        return nn.MaxPool2d(a['kernel'], a['stride'], a['padding']), [first[0], window(0), window(1)]
    if kind == 'globalAvgPool':
        return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()), first[:1]
    if kind == 'linear':
        return nn.Linear(first[0], a['out'], a['bias']), [a['out']]
    if kind == 'identity':
        return nn.Identity(), first
    if kind == 'zeros':
        shape = [a['out'], -(-first[1] // a['stride']), -(-first[2] // a['stride'])]
        return Zeros(shape), shape
    if kind == 'channelShuffle':
        return Shuffle(a['groups']), first
    if kind == 'sliceChannels':
        return Slice(a['from'], a['to']), [a['to'] - a['from'], *first[1:]]
    if kind == 'pad2d':
        sides = [a[side] for side in ('left', 'right', 'top', 'bottom')]
        return nn.ZeroPad2d(sides), [first[0], first[1] + sides[2] + sides[3], first[2] + sides[0] + sides[1]]
    if kind == 'dropout':
        return nn.Dropout(a['rate']), first
    if kind == 'flatten':
        return nn.Flatten(), [torch.Size(first).numel()]
    if kind in ('add', 'multiply', 'concat'):
        channels = sum(shapes[name][0] for name in layer['inputs']) if kind == 'concat' else first[0]
        return None, [channels, *first[1:]]
    sys.exit(f'pytorch_training.py knows no layer of kind {kind}')


class Net(nn.Module):
    def __init__(self, document):
        super().__init__()
        size = document['input']
        shapes = {'image': [size['channels'], size['height'], size['width']]}
        self.rows, self.parts = [], nn.ModuleList()
        for layer in document['layers']:
            part, shapes[layer['name']] = module(layer, shapes)
            self.parts.append(part if part is not None else nn.Identity())
            self.rows.append((layer['name'], layer['kind'], layer['inputs'], part is None))
        self.output = document['output']
        last = {}
        for index, (_, _, inputs, _) in enumerate(self.rows):
            for name in inputs:
                last[name] = index
        self.last = last

    def forward(self, image):
        values = {'image': image}
        for index, ((name, kind, inputs, combines), part) in enumerate(zip(self.rows, self.parts)):
            given = [values[key] for key in inputs]
            if not combines:
                values[name] = part(given[0])
            elif kind == 'add':
                total = given[0]
                for other in given[1:]:
                    total = total + other
                values[name] = total
            elif kind == 'concat':
                values[name] = torch.cat(given, 1)
            else:
                x, gate = given
                values[name] = x * (gate if gate.dim() == x.dim() else gate[:, :, None, None])
            for key in inputs:
                if self.last[key] == index and key != self.output:
                    values.pop(key, None)
        return values[self.output]


def measure(document, batch, steps):
    size = document['input']
    rates, peak = [], None
    for layout in (torch.contiguous_format, torch.channels_last):
        torch.manual_seed(0)
        model = Net(document).to(memory_format=layout)
        optimizer = torch.optim.SGD(model.parameters(), 0.05, momentum=0.9)
        x = torch.randn(batch, size['channels'], size['height'], size['width']).to(memory_format=layout)
        target = torch.arange(batch) % 10
        times = []
        for _ in range(steps + 3):
            began = time.perf_counter()
            optimizer.zero_grad()
            F.cross_entropy(model(x), target).backward()
            optimizer.step()
            times.append(time.perf_counter() - began)
        rates.append(batch / statistics.median(times[3:]))
        # Of the first layout alone: the allocator keeps what it has freed.
        peak = peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return max(rates), sum(parameter.numel() for parameter in model.parameters()), peak


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('network')
    parser.add_argument('--name')
    parser.add_argument('--batch', type=int, default=64)
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--steps', type=int, default=20)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    with open(arguments.network) as file:
        document = json.load(file)
    rate, parameters, peak = measure(document, arguments.batch, arguments.steps)
    row = {
        'network': arguments.name or arguments.network,
        'parameters': parameters,
        'imagesPerSecond': round(rate, 1),
        'peakMemoryBytes': peak,
    }
    print(json.dumps({'engine': f'PyTorch {torch.__version__}', 'threads': arguments.threads, 'results': [row]}))


if __name__ == '__main__':
    main()
