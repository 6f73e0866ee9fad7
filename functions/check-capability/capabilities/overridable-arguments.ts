/** Arguments that the job does not let anybody override cannot be changed by a rerun. */
import { available, type Capability, notApplicable, unavailable } from '../capability.ts';

export const overridableArguments: Capability = async ({ plan, incident }, { jobRuns }) => {
  if (!('rerun' in plan) || Object.keys(plan.rerun.argumentChanges).length === 0) return notApplicable('changes no argument');
  const { nonOverridableArguments } = await jobRuns.getJob(incident.jobName);
  const fixed = Object.keys(plan.rerun.argumentChanges).filter((name) => Object.hasOwn(nonOverridableArguments, name));
  return fixed.length === 0
    ? available('every changed argument may be overridden')
    : unavailable(`${fixed.join(', ')} cannot be overridden`, 'remove it from NonOverridableArguments');
};
