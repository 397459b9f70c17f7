/** Gates and approvals of a promotion as pure functions. */
package io.jenkins.plugins.gitops.core.promotion;
