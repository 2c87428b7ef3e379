"""From a .tflite file to C: reader, graph, plan, operators, templates."""
