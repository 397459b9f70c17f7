/** Benchmarks, as ratios measured in one run on one machine. */
package io.jenkins.plugins.gitops.agent.bench;
