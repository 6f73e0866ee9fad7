/** What the rerun may cost, by itself and together with the job's other reruns of the day. */
import { allow, deny, type Guardrail, needsApproval, notApplicable } from '../guardrail.ts';

export const dpuHours: Guardrail = ({ plan, usage, limits }) => {
  if (!('rerun' in plan)) return notApplicable('starts no run');
  const { estimatedDpuHours } = plan.rerun;
  if (estimatedDpuHours > limits.dpuHoursPerRerun) {
    return needsApproval(`${estimatedDpuHours} DPU-hours`, limits.dpuHoursPerRerun, 'the rerun is expensive');
  }
  const today = usage.jobDpuHoursToday + estimatedDpuHours;
  return today <= limits.dpuHoursPerJobPerDay
    ? allow(`${estimatedDpuHours} DPU-hours`, limits.dpuHoursPerRerun, 'the cost is bearable')
    : deny(`${today} DPU-hours today`, limits.dpuHoursPerJobPerDay, 'the job has used its DPU-hours of the day');
};
