#pragma once

#include <string>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/base/error.h"
#include "core/base/tree.h"

namespace weft {

/// How a fault that a layer found could be mended, in the layer's own terms. The network turns it into
/// edits.
struct Remedy {
    enum class Kind {
        InsertBefore, ///< a new layer of type `layer` in the wire to input `input`
        BypassSource, ///< take out the layer that feeds input `input`
        SetParam, ///< give parameter `key` the value `value`
    };
    Kind kind = Kind::SetParam;
    Message label; ///< what the button says
    int input = 0;
    std::string layer;
    std::string key;
    Tree value;

    static Remedy insertBefore(Message label, std::string layer, int input = 0)
    {
        return {Kind::InsertBefore, std::move(label), input, std::move(layer), {}, {}};
    }
    static Remedy bypassSource(Message label, int input = 0) { return {Kind::BypassSource, std::move(label), input, {}, {}, {}}; }
    static Remedy setParam(Message label, std::string key, Tree value)
    {
        return {Kind::SetParam, std::move(label), 0, {}, std::move(key), std::move(value)};
    }
};

/// A remark that a layer makes on its inputs or parameters; it becomes a diagnostic.
struct Advice {
    std::string code; ///< stable, e.g. "dense.image"
    Severity severity = Severity::Warning;
    Message message;
    std::vector<Remedy> remedies = {};
};

/// A fault in its inputs or parameters with which a layer cannot be lowered.
class LayerFault : public Error {
public:
    LayerFault(std::string code, Message message, std::vector<Remedy> remedies = {}) :
        Error(std::move(message)), m_code(std::move(code)), m_remedies(std::move(remedies))
    {
    }
    const std::string& code() const { return m_code; }
    const std::vector<Remedy>& remedies() const { return m_remedies; }

private:
    std::string m_code;
    std::vector<Remedy> m_remedies;
};

} // namespace weft
