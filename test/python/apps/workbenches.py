"""Several workbenches in one process, each under a path of its own: `/<name>/do`. The argument holds the keys of each, by name."""

import serving
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from workbench import workbench

apps = {'/' + name: workbench(keys) for name, keys in serving.argument().items()}
serving.serve(DispatcherMiddleware(NotFound(), apps))
