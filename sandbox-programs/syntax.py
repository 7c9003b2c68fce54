"""Parses the Python files that it gets as JSON by standard input, without executing them, and prints their problems as JSON."""
import ast, json, sys
problems = []
for file in json.load(sys.stdin):
    try:
        ast.parse(file['text'])
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        problems.append({'path': file['path'], 'line': getattr(error, 'lineno', None), 'message': str(getattr(error, 'msg', None) or error)})
print(json.dumps(problems))
