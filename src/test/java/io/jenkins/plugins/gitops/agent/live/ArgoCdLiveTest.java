package io.jenkins.plugins.gitops.agent.live;

import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Waits that a real Argo CD decides. */
public class ArgoCdLiveTest {
    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private static ArgoCdPlane argo;

    @BeforeClass
    public static void startArgoCd() throws Exception {
        argo = ArgoCdPlane.start(FOLDER.newFolder("argocd").toPath());
    }

    @AfterClass
    public static void stopArgoCd() {
        argo.close();
    }

    @Test
    public void smoke() throws Exception {
        System.out.println("token " + argo.token("jenkins"));
    }
}
