/** The command line of the demo and the benchmarks. */
package io.jenkins.plugins.gitops.agent.demo.cli;
