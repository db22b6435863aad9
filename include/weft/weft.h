#pragma once

// All that a program needs to build, train and run networks: a Model of layers, or a Graph of ops in a Session.

#include "core/base/error.h"
#include "core/engine/differentiate.h"
#include "core/engine/session.h"
#include "core/graph/graph.h"
#include "core/ops/binary/binary.h"
#include "core/ops/matmul/matmul.h"
#include "core/ops/reduce/reduce.h"
#include "core/ops/softmax/softmax.h"
#include "core/ops/unary/unary.h"
#include "core/project/model.h"
