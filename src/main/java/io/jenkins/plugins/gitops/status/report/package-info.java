/** Agents that report: the endpoint, the stored reports, rejected reports and sync requests. */
package io.jenkins.plugins.gitops.status.report;
