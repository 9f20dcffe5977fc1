// The pages of the client. src/routes.json lists their paths for the hub, which
// answers each with the same document; a test holds both lists together.
import type { RouteObject } from 'react-router';

import { BrokenPage } from './BrokenPage';
import { Frame } from './Frame';

// A page comes with its own file, fetched when somebody goes there.
export const routes: RouteObject[] = [
  {
    Component: Frame,
    ErrorBoundary: BrokenPage,
    HydrateFallback: () => null,
    children: [
      { path: '/', lazy: () => import('../start/StartPage') },
      { path: '/search', lazy: () => import('../search/SearchPage') },
      { path: '/events', lazy: () => import('../events/EventsPage') },
      { path: '/events/new', lazy: () => import('../create/NewEventPage') },
      { path: '/events/:id', lazy: () => import('../events/EventPage') },
      { path: '/events/:id/register', lazy: () => import('../events/RegisterPage') },
      { path: '/me/registrations', lazy: () => import('../events/RegistrationsPage') },
      { path: '/map', lazy: () => import('../map/MapPage') },
      { path: '/municipalities/:code', lazy: () => import('../places/MunicipalityPage') },
      { path: '/network/:id', lazy: () => import('../network/NetworkPage') },
      { path: '/directory', lazy: () => import('../directory/DirectoryPage') },
      { path: '/tables', lazy: () => import('../tables/TablesPage') },
      { path: '/tables/new', lazy: () => import('../create/NewTablePage') },
      { path: '/tables/:id', lazy: () => import('../tables/TablePage') },
      { path: '/tables/:id/sessions/new', lazy: () => import('../create/NewSessionPage') },
      { path: '/sessions/:id', lazy: () => import('../tables/SessionPage') },
      { path: '/promised', lazy: () => import('../tables/PromisedPage') },
      { path: '/projects', lazy: () => import('../projects/ProjectsPage') },
      { path: '/projects/new', lazy: () => import('../create/NewProjectPage') },
      { path: '/projects/:id', lazy: () => import('../projects/ProjectPage') },
      { path: '/inbox', lazy: () => import('../inbox/InboxPage') },
      { path: '/inbox/digests', lazy: () => import('../inbox/DigestsPage') },
      { path: '/design', lazy: () => import('../design/DesignPage') },
      { path: '/accessibility', lazy: () => import('./AccessibilityPage') },
      { path: '/sign-in', lazy: () => import('../signin/SignInPage') },
      { path: '/organisations', lazy: () => import('../organisations/OrganisationsPage') },
      { path: '/organisations/:id', lazy: () => import('../organisations/OrganisationPage') },
      { path: '/invitation', lazy: () => import('../organisations/InvitationPage') },
      { path: '/me', lazy: () => import('../me/MyDataPage') },
      { path: '/me/access', lazy: () => import('../access/AccessPage') },
      { path: '/audit/:id', lazy: () => import('../audit/AuditPage') },
      { path: '/administration', lazy: () => import('../administration/AccountsPage') },
      { path: '/administration/merge', lazy: () => import('../administration/MergePage') },
      { path: '/administration/glass', lazy: () => import('../administration/GlassPage') },
      { path: '/administration/jobs', lazy: () => import('../administration/JobsPage') },
      { path: '/accept', lazy: () => import('../accept/AcceptPage') },
      { path: '/registration', lazy: () => import('../guests/LinkPage') },
      { path: '/certificate', lazy: () => import('../certificates/CertificatePage') },
      { path: '/table/answer', lazy: () => import('../tables/AnswerPage') },
      { path: '*', lazy: () => import('./NotFoundPage') },
    ],
  },
];
