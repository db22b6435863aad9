#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/project/project.h"
#include "core/training/predictor.h"

namespace weft {

/// A network built in C++: a project made line by line, trained and measured. It holds nothing that a project
/// file could not hold; `project()` is all of it. Not copyable, of one thread.
class Model {
public:
    /// `data` names what `describeData` knows: a data set, a folder, a table; `settings` are those of `data` in
    /// project files, such as {"validation", …}. Throws Error when it is none of these.
    explicit Model(const std::string& data, Tree::Map settings = {});
    ~Model();
    Model(const Model&) = delete;
    Model& operator=(const Model&) = delete;

    /// A layer of the catalogue behind the one before; `params` are those that differ from its defaults.
    /// Throws Error for a layer or a parameter that is none.
    Model& add(const std::string& type, Tree::Map params = {});
    /// Trains as `weft train` does and goes on to hold the best weights. `training` are the settings as in
    /// project files, such as {"epochs", 5}; the run's folder is `runDir`, or one in the default place. Returns
    /// the folder. Throws Error for a faulty network, data that do not fit, a folder that is in use.
    std::string train(Tree::Map training = {}, const std::string& runDir = {});
    /// Loss and metrics on a part of the data, with the weights of the last training. Throws Error before it.
    Evaluation evaluate(Split split = Split::Test);

    const Project& project() const { return m_project; }
    const Dataset& dataset();
    /// The project as a file for `weft` and the Studio.
    void save(const std::string& path) const { writeProject(m_project, path); }

private:
    Project m_project;
    std::unique_ptr<Dataset> m_dataset; ///< opened when first needed
    TensorFile m_weights;
};

} // namespace weft
