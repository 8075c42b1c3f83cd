#!/usr/bin/env python3
"""Exports a network of nasturtium from PyTorch, to compare with `nas bench inference`.

usage: pytorch_export.py NETWORK.json OUT.onnx [--plain]

The network has PyTorch's initial weights; the file takes any batch of pixels from 0 to 255, normalises them and gives
probabilities, as nasturtium's does. With --plain it has the network alone. PyTorch's exporter folds batch norms into
convolutions.
"""
import json
import sys

import torch

from pytorch_training import Net


class Deployed(torch.nn.Module):
    def __init__(self, net, channels):
        super().__init__()
        self.net = net
        self.mean = torch.full((1, channels, 1, 1), 128.0)
        self.std = torch.full((1, channels, 1, 1), 64.0)

    def forward(self, images):
        return torch.softmax(self.net((images - self.mean) / self.std), 1)


source, target, *flags = sys.argv[1:]
with open(source) as file:
    document = json.load(file)
size = document['input']
model = Net(document).eval()
if '--plain' not in flags:
    model = Deployed(model, size['channels']).eval()
image = torch.randn(1, size['channels'], size['height'], size['width'])
axes = {'images': {0: 'batch'}, 'probabilities': {0: 'batch'}}
torch.onnx.export(
    model, image, target, opset_version=17, input_names=['images'], output_names=['probabilities'], dynamic_axes=axes
)
