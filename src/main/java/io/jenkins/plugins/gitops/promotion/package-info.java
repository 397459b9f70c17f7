/** Promotions that wait for people: what is asked for, who decided what, kept with the build that asks. */
package io.jenkins.plugins.gitops.promotion;
