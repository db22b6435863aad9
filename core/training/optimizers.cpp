#include "core/training/optimizers.h"

#include <algorithm>

namespace weft {

const std::vector<OptimizerInfo>& optimizers()
{
    static const std::vector<OptimizerInfo> all{
        {"adam", "Adam", {"beta1", "beta2", "epsilon"}, [](TrainingSettings&) {}},
        {"adamw",
         "AdamW",
         {"beta1", "beta2", "epsilon"},
         [](TrainingSettings& s) {
             s.weightDecay = 0.01;
             s.decoupledWeightDecay = true;
         }},
        {"sgd", "SGD", {"momentum", "nesterov"}, [](TrainingSettings&) {}},
        {"rmsprop", "RMSprop", {"alpha", "momentum", "epsilon"}, [](TrainingSettings& s) { s.learningRate = 0.01; }},
        {"adagrad",
         "Adagrad",
         {"learningRateDecay", "epsilon"},
         [](TrainingSettings& s) {
             s.learningRate = 0.01;
             s.epsilon = 1e-10;
         }},
        {"nadam", "NAdam", {"beta1", "beta2", "momentumDecay", "epsilon"}, [](TrainingSettings& s) { s.learningRate = 2e-3; }},
        {"adadelta",
         "Adadelta",
         {"rho", "epsilon"},
         [](TrainingSettings& s) {
             s.learningRate = 1.0;
             s.epsilon = 1e-6;
         }},
        {"lion",
         "Lion",
         {"beta1", "beta2"},
         [](TrainingSettings& s) {
             s.learningRate = 1e-4;
             s.beta2 = 0.99;
             s.decoupledWeightDecay = true;
         }},
    };
    return all;
}

const OptimizerInfo* findOptimizer(const std::string& name)
{
    const auto& all = optimizers();
    const auto it = std::find_if(all.begin(), all.end(), [&](const OptimizerInfo& info) { return info.name == name; });
    return it == all.end() ? nullptr : &*it;
}

OptimizerRule optimizerRule(const TrainingSettings& s)
{
    const Attributes::Entry beta1{"beta1", s.beta1}, beta2{"beta2", s.beta2}, epsilon{"epsilon", s.epsilon}, momentum{"momentum", s.momentum};
    const bool hasMomentum = s.momentum > 0.0;
    if (s.optimizer == "sgd" && hasMomentum)
        return {"MomentumUpdate", {momentum, {"nesterov", s.nesterov}}, {"velocity"}};
    if (s.optimizer == "sgd")
        return {"SgdUpdate", {}, {}};
    if (s.optimizer == "rmsprop" && hasMomentum)
        return {"RmspropMomentumUpdate", {{"alpha", s.alpha}, epsilon, momentum}, {"v", "velocity"}};
    if (s.optimizer == "rmsprop")
        return {"RmspropUpdate", {{"alpha", s.alpha}, epsilon}, {"v"}};
    if (s.optimizer == "adagrad")
        return {"AdagradUpdate", {{"learningRateDecay", s.learningRateDecay}, epsilon}, {"sum"}};
    if (s.optimizer == "nadam")
        return {"NadamUpdate", {beta1, beta2, epsilon, {"momentumDecay", s.momentumDecay}}, {"m", "v"}};
    if (s.optimizer == "adadelta")
        return {"AdadeltaUpdate", {{"rho", s.rho}, epsilon}, {"v", "steps"}};
    if (s.optimizer == "lion")
        return {"LionUpdate", {beta1, beta2}, {"m"}};
    return {"AdamUpdate", {beta1, beta2, epsilon}, {"m", "v"}};
}

} // namespace weft
