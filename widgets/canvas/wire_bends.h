#pragma once

#include <string>
#include <vector>

#include <QPointF>

#include "core/project/project.h"

namespace weft {

/// Points through which a wire is led by hand, from its start to its end, in scene units. `view` keeps them: "view/bends/WIRE",
/// inside blocks "view/blockBends/BLOCK/WIRE", each a list of [x, y].
using Bends = std::vector<QPointF>;

/// The bends of all wires of a sheet by the wires' names (`toString`); nullptr where none is bent.
const Tree* bendsTree(const Project& project, const std::string& block);
/// Those of one wire; what is no point is left out.
Bends bendsOf(const Tree* all, const std::string& wire);

/// The edit that leads a wire through these points, through none where it is to run straight.
Edit bendsEdit(const Project& project, const std::string& block, const std::string& wire, const Bends& bends);
/// The edit that lets all wires of a sheet run straight.
Edit straightenEdit(const Project& project, const std::string& block);

} // namespace weft
