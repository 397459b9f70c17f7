/** Promotions that wait for approval: the requests and the decisions on them, stored with the build. */
package io.jenkins.plugins.gitops.promotion;
