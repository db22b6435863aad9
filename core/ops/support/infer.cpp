#include "core/ops/support/infer.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/ops/support/attribute_shape.h"

namespace weft {

DType resultType(DType own, const Attributes& attributes)
{
    return attributes.has(resultTypeAttribute) ? static_cast<DType>(attributes.integer(resultTypeAttribute)) : own;
}

bool isWeightOf(DType weight, DType activation)
{
    const bool isStored = activation == DType::BFloat16 || activation == DType::Float16;
    return weight == activation || (isStored && weight == DType::Float32);
}

std::string describe(const TensorType& type)
{
    return std::string(nameOf(type.dtype)) + " " + toString(type.shape);
}

void requireFloating(const char* op, const TensorType& type)
{
    if (!isFloating(type.dtype))
        throw Error(WEFT_TEXT("Ops", "%1 computes with floating-point numbers, but its input is %2. Cast it to float32 first."), op, describe(type));
}

void requireSameDType(const char* op, const TensorType& a, const TensorType& b)
{
    if (a.dtype != b.dtype)
        throw Error(WEFT_TEXT("Ops", "%1 needs inputs of one type, but they are %2 and %3. Cast one of them."), op, describe(a), describe(b));
}

void requireRank(const char* op, const TensorType& type, int minimum, int maximum)
{
    const int rank = type.shape.rank();
    if (rank >= minimum && rank <= maximum)
        return;
    if (minimum == maximum)
        throw Error(WEFT_TEXT("Ops", "%1 needs an input with %2 axes, but it has the shape %3. Reshape it first."), op, minimum,
                    toString(type.shape));
    throw Error(WEFT_TEXT("Ops", "%1 needs an input with %2 to %3 axes, but it has the shape %4. Reshape it first."), op, minimum, maximum,
                toString(type.shape));
}

int countedAxis(const char* op, int axis, const Shape& shape)
{
    const int counted = axis < 0 ? axis + shape.rank() : axis;
    if (counted < 0 || counted >= shape.rank())
        throw Error(WEFT_TEXT("Ops", "%1 was given the axis %2, but the shape %3 has only %4 axes. Choose one of them."), op, axis, toString(shape),
                    shape.rank());
    return counted;
}

Shape broadcastShapes(const char* op, const Shape& a, const Shape& b)
{
    const int rank = std::max(a.rank(), b.rank());
    std::vector<Dim> dims(static_cast<std::size_t>(rank));
    for (int i = 1; i <= rank; ++i) {
        const Dim da = i <= a.rank() ? a[-i] : Dim(1);
        const Dim db = i <= b.rank() ? b[-i] : Dim(1);
        if (da != db && da != Dim(1) && db != Dim(1))
            throw Error(WEFT_TEXT("Ops", "%1 cannot combine the shapes %2 and %3: %4 does not fit %5. Make these axes equal, or one of them 1."), op,
                        toString(a), toString(b), toString(da), toString(db));
        dims[static_cast<std::size_t>(rank - i)] = da == Dim(1) ? db : da;
    }
    return Shape(std::move(dims));
}

double elementsPerSample(const Shape& shape, std::int64_t t)
{
    double count = 1;
    for (const Dim& dim : shape)
        count *= static_cast<double>(dim.at(1, t));
    return count;
}

TypeList inferSame(TypeSpan inputs, const Attributes&)
{
    requireFloating("This function", inputs[0]);
    return {inputs[0]};
}

TypeList inferShaped(TypeSpan inputs, const Attributes& attributes)
{
    return {{inputs[0].dtype, decodeShape(attributes.integers("shape"))}};
}

} // namespace weft
