"""Optimizers that PyTorch 1.13 lacks or defines otherwise, in the definitions that Weft follows."""
import torch


class NAdam(torch.optim.Optimizer):
    """As PyTorch 2 has it: 1.13 multiplies one momentum too many into the bias correction."""

    def __init__(self, params, lr, betas=(0.9, 0.999), eps=1e-8, momentum_decay=4e-3):
        super().__init__(params, {"lr": lr, "betas": betas, "eps": eps, "decay": momentum_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                s = self.state[p]
                if not s:
                    s.update(t=0, product=1.0, m=torch.zeros_like(p), v=torch.zeros_like(p))
                s["t"] += 1
                mu, after = (b1 * (1 - 0.5 * 0.96 ** (t * group["decay"])) for t in (s["t"], s["t"] + 1))
                s["product"] *= mu
                s["m"].mul_(b1).add_(p.grad, alpha=1 - b1)
                s["v"].mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                size = (s["v"] / (1 - b2 ** s["t"])).sqrt_().add_(group["eps"])
                p.addcdiv_(p.grad, size, value=-group["lr"] * (1 - mu) / (1 - s["product"]))
                p.addcdiv_(s["m"], size, value=-group["lr"] * after / (1 - s["product"] * after))


class Lion(torch.optim.Optimizer):
    """Chen et al., 2023; PyTorch has none."""

    def __init__(self, params, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                p.mul_(1 - group["lr"] * group["weight_decay"])
                p.sub_(torch.sign(m * b1 + p.grad * (1 - b1)), alpha=group["lr"])
                m.mul_(b2).add_(p.grad, alpha=1 - b2)
