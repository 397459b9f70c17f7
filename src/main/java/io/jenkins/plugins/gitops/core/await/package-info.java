/** The decision whether a change is live, as a pure function of what agents report and what Git holds. */
package io.jenkins.plugins.gitops.core.await;
