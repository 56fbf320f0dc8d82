/**
 * Health of a Kyverno ClusterPolicy; Argo CD has none for it, so the wave after it would start before the policy is loaded. Never
 * Degraded: Ready is False while Kyverno starts, and a Degraded object fails the whole sync.
 */
export const clusterPolicyHealth = `
if obj.status ~= nil and obj.status.conditions ~= nil then
  for _, condition in ipairs(obj.status.conditions) do
    if condition.type == "Ready" and condition.status == "True" then
      return { status = "Healthy", message = condition.message or "ready" }
    end
  end
end
return { status = "Progressing", message = "not loaded by Kyverno yet" }
`.trimStart();
