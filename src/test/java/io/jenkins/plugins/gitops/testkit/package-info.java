/**
 * Test support for tests with a Jenkins: {@link io.jenkins.plugins.gitops.testkit.GitopsJenkinsRule} for one Jenkins per test
 * class, {@link io.jenkins.plugins.gitops.testkit.GitopsSessionRule} for tests that restart it.
 */
package io.jenkins.plugins.gitops.testkit;
