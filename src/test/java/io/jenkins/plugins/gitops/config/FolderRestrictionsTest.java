package io.jenkins.plugins.gitops.config;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.Assert.assertThrows;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.cli.CLICommandInvoker;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Items;
import hudson.model.User;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.gitops.core.model.UserErrorException;
import io.jenkins.plugins.gitops.testkit.TestUsers;
import io.jenkins.plugins.gitops.testkit.WebClients;
import java.io.ByteArrayInputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.transform.stream.StreamSource;
import jenkins.model.Jenkins;
import org.htmlunit.FailingHttpStatusCodeException;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.junit.Before;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TestName;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MemoryAssert;
import org.jvnet.hudson.test.MockAuthorizationStrategy;

/** The restrictions of folders, and all ways in which a user without the permission may try to loosen them. */
public class FolderRestrictionsTest {
    private static final String PROPERTY = "<" + GitopsFolderProperty.class.getName() + ">";

    @ClassRule
    public static final JenkinsRule j = new JenkinsRule();

    @Rule
    public final TestName name = new TestName();

    private Folder folder;

    @BeforeClass
    public static void giveRoles() {
        TestUsers.apply(
                j,
                new MockAuthorizationStrategy()
                        .grant(Jenkins.ADMINISTER)
                        .everywhere()
                        .to("admin")
                        .grant(Jenkins.READ, Item.READ, Item.CONFIGURE, Item.CREATE, Item.DELETE)
                        .everywhere()
                        .to("owner")
                        .grant(Jenkins.READ, Item.READ)
                        .everywhere()
                        .to("reader"));
    }

    @Before
    public void folderForDevAndStaging() throws Exception {
        folder = j.createProject(Folder.class, name.getMethodName());
        folder.addProperty(environments("dev, staging"));
        folder.save();
    }

    private static GitopsFolderProperty environments(String names) {
        GitopsFolderProperty property = new GitopsFolderProperty();
        property.setEnvironments(names);
        return property;
    }

    private interface WriteAttempt {
        void run() throws Exception;
    }

    private static void as(String user, WriteAttempt writeAttempt) throws Exception {
        try (ACLContext ignored = ACL.as2(User.getById(user, true).impersonate2())) {
            writeAttempt.run();
        }
    }

    private static boolean allows(Item job, String environment) {
        try {
            FolderRestrictions.get().check(job, "config", "shop", environment);
            return true;
        } catch (UserErrorException e) {
            return false;
        }
    }

    private FreeStyleProject job() throws Exception {
        FreeStyleProject job = (FreeStyleProject) folder.getItem("job");
        return job == null ? folder.createProject(FreeStyleProject.class, "job") : job;
    }

    /** Requires these environments both in memory and on disk. */
    private void assertEnvironments(String names) throws Exception {
        for (String environment : List.of("dev", "staging", "production")) {
            assertThat(environment, allows(job(), environment), is(names == null || names.contains(environment)));
        }
        GitopsFolderProperty property = folder.getProperties().get(GitopsFolderProperty.class);
        assertThat(property == null ? null : property.getEnvironments(), is(names));
        Folder stored = (Folder) Items.getConfigFile(folder).read();
        assertThat(
                xml(stored),
                names == null
                        ? not(containsString(PROPERTY))
                        : containsString("<environments>" + names + "</environments>"));
    }

    private static String xml(Folder folder) {
        return Items.XSTREAM2.toXML(folder);
    }

    private String configXml() throws Exception {
        return folder.getConfigFile().asString();
    }

    private void update(String xml) throws Exception {
        folder.updateByXml(new StreamSource(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    public void rejectionNamesTheFolderAndWhatItAllows() throws Exception {
        FreeStyleProject job = job();
        UserErrorException refused = assertThrows(
                UserErrorException.class, () -> FolderRestrictions.get().check(job, "config", "shop", "production"));
        assertThat(
                refused.getMessage(),
                is("Folder " + folder.getFullName() + " does not allow its jobs to change shop/production of repository"
                        + " config (allowed: environments dev, staging)."
                        + " Ask an administrator to extend the folder's GitOps restrictions."));
    }

    @Test
    public void restrictionsOfParentFoldersApply() throws Exception {
        Folder inner = folder.createProject(Folder.class, "inner");
        inner.addProperty(environments("*"));
        Folder innermost = inner.createProject(Folder.class, "innermost");
        innermost.addProperty(environments("dev, production"));
        FreeStyleProject low = innermost.createProject(FreeStyleProject.class, "low");
        assertThat(allows(low, "dev"), is(true));
        assertThat(allows(low, "staging"), is(false));
        assertThat(allows(low, "production"), is(false));
        FreeStyleProject beside = inner.createProject(FreeStyleProject.class, "beside");
        assertThat(allows(beside, "staging"), is(true));
        assertThat(allows(beside, "production"), is(false));
        assertThat(allows(j.createFreeStyleProject(), "production"), is(true));
    }

    @Test
    public void configXmlOfANonAdministratorNarrowsOnly() throws Exception {
        String wide = configXml().replace("dev, staging", "*");
        as("owner", () -> update(wide));
        assertEnvironments("dev, staging");
        String without = configXml().replaceAll("(?s)<" + GitopsFolderProperty.class.getName() + ".*?Property>", "");
        assertThat(without, not(containsString("staging")));
        as("owner", () -> update(without));
        assertEnvironments("dev, staging");
        String other = configXml().replace("dev, staging", "dev, production");
        as("owner", () -> update(other));
        assertEnvironments("dev, staging");
        String empty = configXml().replace("dev, staging", " , ");
        as("owner", () -> update(empty));
        assertEnvironments("dev, staging");
        String narrow = configXml().replace("dev, staging", "dev");
        as("owner", () -> update(narrow));
        assertEnvironments("dev");
        as("owner", () -> update(configXml().replace(">dev<", ">dev, staging<")));
        assertEnvironments("dev");
    }

    @Test
    public void aFileCannotClaimToBeAnAdministrators() throws Exception {
        String wide = configXml()
                .replace("dev, staging", "*")
                .replace(PROPERTY, PROPERTY + "<byAdministrator>true</byAdministrator>");
        as("owner", () -> update(wide));
        assertEnvironments("dev, staging");
    }

    @Test
    public void saveByJenkinsInBetweenWidensNothing() throws Exception {
        GitopsFolderProperty[] wide = new GitopsFolderProperty[1];
        as("owner", () -> wide[0] = environments("*"));
        folder.getProperties().replace(wide[0]);
        assertEnvironments("dev, staging");
        folder.getProperties().remove(GitopsFolderProperty.class);
        assertEnvironments("dev, staging");
    }

    @Test
    public void postedConfigXmlAndCommandLineOnlyNarrow() throws Exception {
        String wide = configXml().replace("dev, staging", "*");
        WebResponse answer = post("owner", wide);
        assertThat(answer.getStatusCode(), is(403));
        assertThat(answer.getContentAsString(), containsString(kept()));
        assertEnvironments("dev, staging");
        CLICommandInvoker.Result result = new CLICommandInvoker(j, "update-job")
                .asUser("owner")
                .withStdin(new ByteArrayInputStream(wide.getBytes(StandardCharsets.UTF_8)))
                .invokeWithArgs(folder.getFullName());
        assertThat(result.stderr(), result.returnCode(), is(0));
        assertEnvironments("dev, staging");
        assertThat(post("owner", configXml()).getStatusCode(), is(200));
        assertThat(post("reader", wide).getStatusCode(), is(403));
        assertThat(post("admin", wide).getStatusCode(), is(200));
        assertThat(allows(job(), "production"), is(true));
        assertThat(configXml(), containsString("<environments>*</environments>"));
    }

    private String kept() {
        return "The folder " + folder.getFullName() + " was saved, but its GitOps restrictions were not changed: only"
                + " administrators can extend them. In force: environments dev, staging.";
    }

    private WebResponse post(String user, String xml) throws Exception {
        JenkinsRule.WebClient client = WebClients.login(j, user);
        WebRequest request =
                new WebRequest(new URL(client.getContextPath() + folder.getUrl() + "config.xml"), HttpMethod.POST);
        request.setEncodingType(null);
        request.setAdditionalHeader(
                j.jenkins.getCrumbIssuer().getCrumbRequestField(),
                j.jenkins.getCrumbIssuer().getCrumb((jakarta.servlet.ServletRequest) null));
        request.setAdditionalHeader("Content-Type", "application/xml");
        request.setRequestBody(xml);
        return client.getPage(request).getWebResponse();
    }

    private void submit(String user, String names) throws Exception {
        HtmlPage page = WebClients.loginWithScripts(j, user).getPage(folder, "configure");
        HtmlForm form = page.getFormByName("config");
        form.getInputByName("_.environments").setValue(names);
        j.submit(form);
    }

    @Test
    public void formOfANonAdministratorNarrowsOnlyAndSaysSo() throws Exception {
        for (String wide : List.of("dev, staging, production", "")) {
            FailingHttpStatusCodeException refused =
                    assertThrows(FailingHttpStatusCodeException.class, () -> submit("owner", wide));
            assertThat(refused.getStatusCode(), is(400));
            assertThat(
                    refused.getResponse().getContentAsString(),
                    containsString(
                            "Only administrators can extend the GitOps restrictions of a folder. Nothing was saved;"
                                    + " these are in force: environments dev, staging."));
            assertEnvironments("dev, staging");
        }
        submit("owner", "dev");
        assertEnvironments("dev");
    }

    @Test
    public void restrictionsOfADeletedFolderAreForgotten() throws Exception {
        WeakReference<Folder> gone = new WeakReference<>(folder);
        folder.delete();
        folder = null;
        MemoryAssert.assertGC(gone, true);
    }

    @Test
    public void aRepositoryIsOpenToTheFoldersItNames() throws Exception {
        RepositoryConfiguration shop = new RepositoryConfiguration("shop", "https://git.example.com/shop.git");
        shop.setFolders(folder.getFullName());
        RepositoryConfiguration bank = new RepositoryConfiguration("bank", "https://git.example.com/bank.git");
        bank.setFolders("bank");
        GitopsConfiguration configuration = GitopsConfiguration.get();
        configuration.setRepositories(List.of(shop, bank));
        try {
            assertThat(configuration.repository(null, job()), is(shop));
            assertThat(configuration.repository("shop", job()), is(shop));
            UserErrorException forbidden =
                    assertThrows(UserErrorException.class, () -> configuration.repository("bank", job()));
            assertThat(forbidden.getMessage(), is("There is no config repository \"bank\". Name one of: shop."));
            UserErrorException unknown =
                    assertThrows(UserErrorException.class, () -> configuration.repository("x", job()));
            assertThat(unknown.getMessage(), is("There is no config repository \"x\". Name one of: shop."));
            FreeStyleProject outside = j.createFreeStyleProject();
            UserErrorException none =
                    assertThrows(UserErrorException.class, () -> configuration.repository(null, outside));
            assertThat(
                    none.getMessage(),
                    is("No config repository is configured for jobs such as " + outside.getFullName()
                            + ". Ask an administrator to configure it under Manage Jenkins, System, GitOps; its Folders"
                            + " must include a folder of the job."));
        } finally {
            configuration.setRepositories(null);
        }
    }

    @Test
    public void repositoryListShowsOnlyWhatTheFolderAllows() throws Exception {
        GitopsFolderProperty property = new GitopsFolderProperty();
        property.setRepositories("sh*");
        folder.getProperties().replace(property);
        folder.save();
        GitopsConfiguration configuration = GitopsConfiguration.get();
        configuration.setRepositories(List.of(
                new RepositoryConfiguration("shop", "https://git.example.com/shop.git"),
                new RepositoryConfiguration("bank", "https://git.example.com/bank.git")));
        try {
            UserErrorException unknown =
                    assertThrows(UserErrorException.class, () -> configuration.repository("x", job()));
            assertThat(unknown.getMessage(), is("There is no config repository \"x\". Name one of: shop."));
        } finally {
            configuration.setRepositories(null);
        }
    }

    @Test
    public void administratorsWidenAndLift() throws Exception {
        submit("admin", "dev, staging, production");
        assertEnvironments("dev, staging, production");
        submit("admin", "");
        assertEnvironments(null);
        submit("owner", "dev");
        assertEnvironments("dev");
        as("admin", () -> update(configXml().replace(">dev<", ">dev, staging<")));
        assertEnvironments("dev, staging");
        as(
                "admin",
                () -> update(
                        configXml().replaceAll("(?s)<" + GitopsFolderProperty.class.getName() + ".*?Property>", "")));
        assertEnvironments(null);
    }

    @Test
    public void formKeepsItsInput() throws Exception {
        GitopsFolderProperty all = new GitopsFolderProperty();
        all.setRepositories("config");
        all.setApplications("payments-*,frontend");
        all.setEnvironments("dev");
        folder.getProperties().replace(all);
        j.submit(WebClients.loginWithScripts(j, "admin")
                .getPage(folder, "configure")
                .getFormByName("config"));
        GitopsFolderProperty again = folder.getProperties().get(GitopsFolderProperty.class);
        j.assertEqualDataBoundBeans(all, again);
        assertThat(again.getApplications(), is("payments-*, frontend"));
    }

    @Test
    public void restrictionsFollowARenamedMovedOrCopiedFolder() throws Exception {
        Folder parent = j.createProject(Folder.class, "parent");
        parent.addProperty(environments("dev"));
        as("owner", () -> {
            Folder copy = (Folder) j.jenkins.copy((hudson.model.TopLevelItem) folder, "copy");
            FreeStyleProject copied = copy.createProject(FreeStyleProject.class, "job");
            assertThat(allows(copied, "staging"), is(true));
            assertThat(allows(copied, "production"), is(false));
        });
        folder.renameTo("renamed");
        assertEnvironments("dev, staging");
        as("owner", () -> update(configXml().replace("dev, staging", "*")));
        assertEnvironments("dev, staging");
        Items.move(folder, parent);
        assertThat(allows(job(), "dev"), is(true));
        assertThat(allows(job(), "staging"), is(false));
        Items.move(folder, j.jenkins);
        assertEnvironments("dev, staging");
    }

    @Test
    public void aFolderMadeFromAFileStaysWithinItsParent() throws Exception {
        String wide = configXml().replace("dev, staging", "*");
        as("owner", () -> {
            Folder made = (Folder) folder.createProjectFromXML(
                    "made", new ByteArrayInputStream(wide.getBytes(StandardCharsets.UTF_8)));
            FreeStyleProject job = made.createProject(FreeStyleProject.class, "job");
            assertThat(allows(job, "staging"), is(true));
            assertThat(allows(job, "production"), is(false));
        });
    }

    @Test
    public void onlyValidNamesAreAccepted() {
        assertThrows(IllegalArgumentException.class, () -> environments("dev; staging"));
        assertThrows(IllegalArgumentException.class, () -> environments("<script>"));
        assertThat(environments(" , ").getEnvironments(), is(nullValue()));
    }

    @Test
    public void checksRequireConfigurePermission() throws Exception {
        String path = "descriptorByName/" + GitopsFolderProperty.class.getName() + "/check";
        for (String field : List.of("Repositories", "Applications", "Environments")) {
            assertThat(check("owner", path + field), containsString("&lt;b&gt;&quot; is not a valid "));
            assertThat(check("reader", path + field), is("<div/>"));
        }
    }

    private String check(String user, String path) throws Exception {
        JenkinsRule.WebClient client = WebClients.login(j, user);
        WebRequest request = client.addCrumb(new WebRequest(
                new URL(client.getContextPath() + folder.getUrl() + path + "?value=%3Cb%3E"), HttpMethod.POST));
        return client.getPage(request).getWebResponse().getContentAsString();
    }
}
