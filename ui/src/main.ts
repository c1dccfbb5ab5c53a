import { mount } from 'svelte';
import App from './app/App.svelte';
import { doors } from './app/doors';
import { router } from './app/router.svelte';
import './ui/fonts.css';
import './ui/tokens.css';
import './ui/base.css';

const target = document.getElementById('app');
if (!target) throw new Error('index.html lacks #app');
// The first room is read while the program is asked where it stands. One that can't be read is told of when it is entered.
doors[router.route.room]().catch(() => undefined);
mount(App, { target });
