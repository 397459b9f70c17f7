/**
 * The command line: data on stdout, progress and errors on stderr; exit status 0 for success, 1 for a rejected or
 * failed request, 2 for wrong usage.
 */
package io.jenkins.plugins.gitops.agent.cli;
